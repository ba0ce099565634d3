// What holds for every patient, on patients drawn at random.
#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <map>
#include <random>
#include <vector>

#include "stats/survival.h"
#include "therapy/imwg.h"
#include "therapy/lugano.h"
#include "therapy/outcome.h"
#include "therapy/response_all.h"

using namespace carina::therapy;

namespace {

/// Uniform and other draws for tests.
class Dice {
 public:
  explicit Dice(unsigned seed) : engine_(seed) {}
  double between(double low, double high) { return low + (high - low) * static_cast<double>(engine_() >> 11) * 0x1p-53; }
  bool chance(double p) { return between(0, 1) < p; }
  /// A time, or never with 1 - p.
  double time(double p, double until) { return chance(p) ? between(1, until) : never; }

 private:
  std::mt19937_64 engine_;
};

/// A course whose visits say whatever they say.
struct Random {
  std::vector<Assessed> visits;
  Course course;

  Random(Dice& dice, Disease disease) {
    const auto list = responses(disease);
    bool lost_response = false;
    double day = 28;
    while (day < 720) {
      Assessed visit;
      visit.time = day;
      // mostly better ones, so that many respond for some time
      const auto index =
          static_cast<std::size_t>(dice.between(0, 1) * dice.between(0, 1) * static_cast<double>(list.size()));
      visit.response = list[index];
      const bool responded = !visits.empty();
      if (disease == Disease::BAll && visit.response == Response::Relapse && !responded)
        visit.response = Response::NoResponse;
      if (lost_response) visit.response = disease == Disease::BAll ? Response::Relapse : Response::Progression;
      lost_response = lost_response || is_loss(visit.response);
      visit.b_cells = dice.chance(0.7) ? dice.between(0, 120) * dice.between(0, 1) : not_done;
      visit.measure = dice.between(0, 10);
      visits.push_back(visit);
      day += dice.between(20, 60);
    }
    course.visits = visits;
    course.baseline = 5;
    course.enrolled = -dice.between(20, 60);
    course.death = dice.time(0.5, 900);
    course.death_cause = static_cast<DeathCause>(static_cast<int>(dice.between(0, 3.999)));
    course.transplant = dice.time(0.3, 700);
    course.therapy = dice.time(0.3, 700);
    course.lost = dice.time(0.2, 900);
    course.cut = dice.between(60, 900);
  }
};

template <class Each>
void on_random_courses(Each each) {
  Dice dice(20261125);
  for (int i = 0; i < 3000; ++i) {
    for (const Definitions& set : presets()) {
      const Random random(dice, set.disease);
      each(random.course, set);
    }
  }
}

}  // namespace

TEST_CASE("more blasts, a lower count or more MRD never give a better response of leukaemia") {
  Dice dice(1);
  for (int i = 0; i < 3000; ++i) {
    AllVisit better;
    better.time = 56;
    better.blasts = dice.between(0, 10);
    better.platelets = dice.between(5e4, 2e5);
    better.neutrophils = dice.between(500, 2000);
    better.mrd = dice.between(0, 0.03);
    AllVisit worse = better;
    worse.blasts += dice.between(0, 3);
    worse.platelets *= dice.between(0.5, 1);
    worse.neutrophils *= dice.between(0.5, 1);
    worse.mrd += dice.between(0, 0.01);
    if (dice.chance(0.1)) worse.extramedullary = Seen::Yes;
    AllVisit first = better;
    first.time = 28;
    first.blasts = dice.between(0, 10);
    std::array<Assessed, 2> a;
    std::array<Assessed, 2> b;
    assess(std::array{first, better}, {}, a);
    assess(std::array{first, worse}, {}, b);
    CHECK(b[1].response <= a[1].response);
    CHECK(b[1].mrd >= a[1].mrd);
  }
}

TEST_CASE("larger lesions, a longer spleen or more uptake never give a better response of lymphoma") {
  Dice dice(2);
  const auto visit = [&dice](double time, double scale) {
    LymphomaVisit made;
    made.time = time;
    made.ct = true;
    made.lesions = 3;
    made.extranodal = 4;
    for (std::size_t i = 0; i < 3; ++i) {
      made.sizes[i].ldi = scale * dice.between(0, 4);
      made.sizes[i].sdi = made.sizes[i].ldi * dice.between(0.5, 1);
    }
    made.spleen = dice.between(10, 17);
    made.deauville = dice.chance(0.5) ? static_cast<int>(dice.between(1, 5.999)) : 0;
    made.uptake = scale * dice.between(2, 20);
    return made;
  };
  for (int i = 0; i < 3000; ++i) {
    const LymphomaVisit base = visit(0, 1.5);
    const LymphomaVisit first = visit(30, 1);
    const LymphomaVisit better = visit(60, 1);
    LymphomaVisit worse = better;
    for (Lesion& lesion : worse.sizes) {
      const double growth = dice.between(1, 1.5);
      lesion.ldi *= growth;
      lesion.sdi *= growth;
    }
    worse.spleen += dice.between(0, 2);
    worse.uptake *= dice.between(1, 1.5);
    if (worse.deauville > 0) worse.deauville = std::min(5, worse.deauville + static_cast<int>(dice.between(0, 1.999)));
    std::array<Assessed, 2> a;
    std::array<Assessed, 2> b;
    assess(base, std::array{first, better}, {}, a);
    assess(base, std::array{first, worse}, {}, b);
    CHECK(b[1].response <= a[1].response);
  }
}

TEST_CASE("more M-protein, light chains, plasma cells or plasmacytoma never give a better response of myeloma") {
  Dice dice(3);
  const ImwgCriteria at_once = {.confirm = false};
  for (int i = 0; i < 6000; ++i) {
    MyelomaVisit base;
    const int kind = i % 3;
    base.serum = kind == 0 ? dice.between(1, 6) : 0;
    base.urine = kind == 0 ? dice.between(0, 1500) : 0;
    base.kappa = kind == 1 ? dice.between(15, 80) : 1;
    base.lambda = 1;
    base.plasma_cells = dice.between(30, 80);
    base.plasmacytoma = dice.chance(0.3) ? dice.between(0, 10) : 0;
    const auto fall = [&dice] { return dice.chance(0.4) ? 0.0 : dice.between(0, 1.2); };
    const auto visit = [&](double time) {
      MyelomaVisit made = base;
      made.time = time;
      made.serum *= fall();
      made.urine *= fall();
      made.kappa = 1 + (base.kappa - 1) * fall();
      made.plasma_cells *= fall();
      made.clonal = made.plasma_cells * dice.between(0, 1e-4);
      made.plasmacytoma *= fall();
      return made;
    };
    const MyelomaVisit first = visit(30);
    const MyelomaVisit better = visit(60);
    MyelomaVisit worse = better;
    worse.serum += dice.chance(0.5) ? base.serum * dice.between(0, 0.3) : 0;
    worse.urine += dice.chance(0.5) ? base.urine * dice.between(0, 0.3) : 0;
    worse.kappa += dice.chance(0.5) ? base.kappa * dice.between(0, 0.3) : 0;
    worse.plasma_cells += dice.chance(0.5) ? dice.between(0, 15) : 0;
    worse.plasmacytoma += dice.chance(0.5) ? base.plasmacytoma * dice.between(0, 0.3) : 0;
    worse.clonal *= 2;
    std::array<Assessed, 2> a;
    std::array<Assessed, 2> b;
    assess(base, std::array{first, better}, at_once, a);
    assess(base, std::array{first, worse}, at_once, b);
    CHECK(b[1].response <= a[1].response);
    CHECK(b[1].mrd >= a[1].mrd);
  }
}

TEST_CASE("overall survival is never shorter than event- or progression-free survival, nor the response than the clock") {
  int events = 0;
  on_random_courses([&events](const Course& course, const Definitions& set) {
    const Outcome out = outcome(course, set);
    CHECK(out.os.time >= out.efs.time);
    CHECK(out.os.time >= out.pfs.time);
    for (const Ending& ending : {out.dor, out.rfs, out.efs, out.pfs, out.os, out.aplasia}) {
      if (!ran(ending)) continue;
      CHECK(ending.time >= 0);
      CHECK(ending.clear <= ending.time);
      events += ending.event;
    }
    CHECK(ran(out.dor) == out.responded);
    CHECK(ran(out.rfs) == out.responded);
    CHECK(out.responded == is_response(out.best));
    if (out.responded && ran(out.pfs)) CHECK(out.dor.time + out.response_at <= out.os.time + 1e-9);
    if (out.efs.event && !out.os.event) CHECK(out.efs.time <= out.os.time);
  });
  CHECK(events > 10'000);
}

TEST_CASE(
    "censoring at transplant never adds an event and never lengthens a clock; more kinds of event never lengthen one") {
  int fewer = 0;
  int sooner = 0;
  on_random_courses([&](const Course& course, const Definitions& preset) {
    Definitions ignores = preset;
    ignores.efs.transplant = ignores.efs.therapy = Handling::Ignore;
    Definitions censors = ignores;
    censors.efs.transplant = Handling::Censor;
    Definitions counts = ignores;
    counts.efs.transplant = counts.efs.therapy = Handling::Event;
    const Ending free = outcome(course, ignores).efs;
    const Ending censored = outcome(course, censors).efs;
    const Ending event = outcome(course, counts).efs;
    CHECK(censored.event <= free.event);
    CHECK(censored.time <= free.time);
    CHECK(event.event >= free.event);
    fewer += free.event && !censored.event;
    sooner += event.event && event.time < free.time;
    Definitions no_failure = ignores;
    no_failure.efs.failure = false;
    const Ending lenient = outcome(course, no_failure).efs;
    CHECK(lenient.event <= free.event);
    if (free.event && lenient.event) CHECK(free.time <= lenient.time);
  });
  CHECK(fewer > 100);
  CHECK(sooner > 100);
}

TEST_CASE("asking for confirmation or a shorter window never gives a better response") {
  on_random_courses([](const Course& course, const Definitions& preset) {
    Definitions set = preset;
    set.confirm = -1;
    set.response_window = never;
    const Response any = outcome(course, set).best;
    set.confirm = 28;
    const Response held = outcome(course, set).best;
    set.response_window = 120;
    const Response soon = outcome(course, set).best;
    CHECK(held <= any);
    CHECK(soon <= held);
  });
}

TEST_CASE("what visits say after the end of a patient's record changes nothing") {
  on_random_courses([](const Course& course, const Definitions& set) {
    Course shorter = course;
    const double end = std::min(course.lost, course.cut);
    std::size_t n = 0;
    while (n < course.visits.size() && course.visits[n].time <= end) ++n;
    shorter.visits = course.visits.first(n);
    if (course.death > end) shorter.death = never;
    const Outcome a = outcome(course, set);
    const Outcome b = outcome(shorter, set);
    CHECK(a.best == b.best);
    CHECK(a.efs.time == b.efs.time);
    CHECK(a.efs.cause == b.efs.cause);
    CHECK(a.os.event == b.os.event);
    CHECK((a.aplasia.time == b.aplasia.time || !ran(a.aplasia)));
  });
}

// Aalen and Johansen: the incidence of a cause grows by S(t-) d/n at each time, and all of them together make up 1 - S.
TEST_CASE("causes add up: their cumulative incidences are what event-free survival has lost") {
  using carina::stats::Observed;
  std::map<Cause, std::vector<double>> times;
  std::vector<Observed> observed;
  Dice dice(4);
  for (int i = 0; i < 4000; ++i) {
    const Random random(dice, Disease::BAll);
    const Ending efs = outcome(random.course, *preset("eliana_2017")).efs;
    observed.push_back({efs.time, efs.event});
    if (efs.event) times[efs.cause].push_back(efs.time);
  }
  const auto curve = carina::stats::kaplan_meier(observed);
  std::map<Cause, double> incidence;
  double before = 1;
  std::uint64_t events = 0;
  for (const auto& step : curve.steps) {
    std::uint64_t here = 0;
    for (const auto& [cause, when] : times) {
      const auto d = static_cast<std::uint64_t>(std::count(when.begin(), when.end(), step.time));
      incidence[cause] += before * static_cast<double>(d) / static_cast<double>(step.at_risk);
      here += d;
    }
    CHECK(here == step.events);
    events += here;
    before = step.survival;
  }
  double sum = 0;
  for (const auto& [cause, share] : incidence) {
    CHECK(share > 0);
    sum += share;
  }
  CHECK(sum == doctest::Approx(1 - before).epsilon(1e-9));
  CHECK(incidence.size() == 4);  // no response, relapse, death of the disease, another death
  CHECK(events > 1000);
}

// The size of 1,000 replicates of ELIANA; `--duration` of this case is what is quoted in docs/endpoints.md.
TEST_CASE("92,000 patients with 20 visits each are assessed, and their relapses found at visits") {
  constexpr int patients = 92'000;
  std::array<AllVisit, 20> visits;
  std::array<Assessed, 20> assessed;
  int relapses = 0;
  int responses = 0;
  for (int patient = 0; patient < patients; ++patient) {
    // remission from day 28 on until the patient's day of relapse
    const double relapse = 40 + (patient % 1000);
    for (std::size_t i = 0; i < visits.size(); ++i) {
      const double day = 28 + 30.0 * static_cast<double>(i);
      visits[i] = {.time = day, .blasts = day >= relapse ? 30.0 : 1.0, .mrd = 0, .platelets = 2e5, .neutrophils = 2000};
    }
    assess(visits, {}, assessed);
    Course course;
    course.visits = assessed;
    course.baseline = 60;
    course.cut = 600;
    const Outcome out = outcome(course, *preset("eliana_2017"));
    responses += out.responded;
    relapses += out.efs.cause == Cause::Progression;
    if (out.efs.cause == Cause::Progression) CHECK((out.efs.time >= relapse && out.efs.time - relapse < 30));
  }
  // relapses of days 40 to 598 are seen by the 20th visit, day 598; 28 days of remission need two visits before
  CHECK(relapses == 92 * 559);
  CHECK(responses == 92 * (1000 - 19));
}
