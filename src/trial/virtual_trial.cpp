#include "trial/virtual_trial.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "base/check.h"
#include "base/math.h"
#include "base/problem.h"
#include "ensemble/observe.h"
#include "ensemble/population.h"
#include "stats/nca.h"
#include "trial/impl/aftercare.h"
#include "trial/impl/columns.h"
#include "trial/impl/fate.h"
#include "trial/impl/luck.h"
#include "trial/impl/see.h"
#include "trial/impl/signs.h"

namespace carina::trial {
namespace {

using impl::Column;
using impl::Parameter;

constexpr double nan = std::numeric_limits<double>::quiet_NaN();
constexpr double first_day = -20;  // equations begin here: before the earliest lymphodepletion
constexpr double sign_days = 60;   // toxicity of release is looked for up to here
constexpr double sign_step = 0.5;
constexpr std::uint64_t marrow_samples = 1'000'000;  // samples set beside each other are counted from here, visits from 0
// A sample planned for these days is taken up to so many days from it; assumed: the usual window of a protocol.
constexpr double earliest_shifted = 4, latest_shifted = 28, sample_window = 1;

// Every time that is recorded, and which of them are what.
struct Clock {
  std::vector<double> times;
  std::vector<std::size_t> signs, response, kinetics;
  std::array<std::size_t, marrow_days.size()> marrow = {};
  std::size_t baseline = 0, day28 = 0, day56 = 0;
};

Clock make_clock(const VirtualSetup& setup) {
  Clock clock;
  std::vector<double> signs;
  constexpr int steps = static_cast<int>(sign_days / sign_step);
  for (int i = 0; i <= steps; ++i) signs.push_back(i * sign_step);
  const auto add = [&](const std::vector<double>& days) { clock.times.insert(clock.times.end(), days.begin(), days.end()); };
  add(signs);
  add(setup.response_visits);
  add(setup.kinetics_visits);
  clock.times.insert(clock.times.end(), {first_day, 0.0, 28.0, 56.0});
  clock.times.insert(clock.times.end(), marrow_days.begin(), marrow_days.end());
  std::sort(clock.times.begin(), clock.times.end());
  clock.times.erase(std::unique(clock.times.begin(), clock.times.end()), clock.times.end());
  const auto place = [&](double day) {
    return static_cast<std::size_t>(std::lower_bound(clock.times.begin(), clock.times.end(), day) - clock.times.begin());
  };
  for (const double day : signs) clock.signs.push_back(place(day));
  for (const double day : setup.response_visits) clock.response.push_back(place(day));
  for (const double day : setup.kinetics_visits) clock.kinetics.push_back(place(day));
  for (std::size_t i = 0; i < marrow_days.size(); ++i) clock.marrow[i] = place(marrow_days[i]);
  clock.baseline = place(first_day);
  clock.day28 = place(28);
  clock.day56 = place(56);
  return clock;
}

// What each disease's criteria follow.
Column burden_of(therapy::Disease disease) {
  if (disease == therapy::Disease::Lymphoma) return Column::Mass;
  return disease == therapy::Disease::Myeloma ? Column::MProtein : Column::Blasts;
}

}  // namespace

std::string_view name(Death death) {
  switch (death) {
    case Death::None: return "none";
    case Death::Disease: return "disease";
    case Death::Release: return "release";
    case Death::Other: return "other";
    case Death::Waiting: return "waiting";
    case Death::Infection: return "infection";
  }
  return "none";
}

struct VirtualTrial::Inside {
  VirtualSetup setup;
  impl::Places places;
  Clock clock;
  std::optional<ensemble::Ensemble> ensemble;
  ensemble::Assay assay{0, "transgene", nullptr, std::nullopt};
  double log_sd = 0;

  const DoseLevel* level_of(const Person& person, const impl::Luck& luck) const;
  void set_algorithm(std::span<double> parameters) const;
  void set_again(double cells, bool depleted, std::span<double> parameters) const;
  void enrol(std::uint32_t replicate, std::uint32_t number, std::span<double> parameters, PatientRow& row) const;
  double cut_of(const PatientRow& row, double follow_up) const {
    return std::max(1.0, setup.accrual / 2 + follow_up - row.enrolled);  // median over patients: follow_up
  }
  struct Followed {
    impl::Aftercare after;
    impl::Found found;
    impl::Fate fate;
  };
  Followed follow(const impl::Trajectory& course, std::span<const double> parameters, PatientRow& row,
                  PatientCourse* seen) const;
  // One trial that is asked for.
  struct Asked {
    std::uint32_t number;
    const Theta& theta;
    std::span<const LaterCut> later;
    const std::atomic<bool>* stop;
    const CourseSink& see;
  };
  bool simulate(const Asked& asked, TrialRows& rows) const;
  void look(const impl::Trajectory& course, Followed all, PatientRow& row, PatientCourse* seen) const;
  void see_toxicity(const impl::Individual& who, const impl::Trajectory& course, const impl::Aftercare& after,
                    PatientRow& row, PatientCourse* seen) const;
  std::size_t sampled(const PatientRow& row, std::size_t visit) const;
  void see_kinetics(const impl::Trajectory& course, double last, PatientRow& row) const;
  void close(const impl::Fate& fate, impl::Found found, PatientRow& row, PatientCourse* seen) const;
  void see_signs(const therapy::SignColumns& signs, const impl::Trajectory& course, PatientCourse& seen) const;
  void see_course(const impl::Trajectory& course, double last, PatientCourse& seen) const;
};

namespace {

// What is seen by the day `last`.
void see_aftercare(const impl::Aftercare& after, double last, PatientRow& row) {
  const auto seen = [last](double day) { return day <= last ? day : nan; };
  row.infection = seen(after.infection);
  row.severe_infection = seen(after.severe);
  row.febrile_neutropenia = seen(after.febrile);
  row.low_igg = seen(after.low_igg);
  row.hlh = seen(after.hlh);
  row.second_malignancy = seen(after.second);
}

Kinetics kinetics_of(const std::vector<double>& days, const std::vector<double>& levels, double limit, double persistence) {
  stats::NcaOptions options;
  options.start = days.front();
  options.end = 28;
  options.lloq = limit;
  const stats::NcaResult nca = stats::nca(days, levels, options);
  Kinetics kinetics;
  kinetics.cmax = nca.cmax;
  kinetics.tmax = nca.tmax;
  kinetics.auc28 = nca.auc_end;
  kinetics.half_life = nca.half_life;
  options.end = marrow_days.back();
  kinetics.auc183 = stats::nca(days, levels, options).auc_end;
  kinetics.persistence = persistence;
  return kinetics;
}

// From the first to the last day with a grade.
struct GradedSpan {
  double onset = nan, end = nan;
  std::uint8_t highest = 0;

  void see(double day, std::uint8_t grade) {
    if (grade == 0) return;
    if (highest == 0) onset = day;
    highest = std::max(highest, grade);
    end = day + sign_step;
  }
  void add(double from, double to, std::uint8_t grade) {
    onset = highest == 0 ? from : std::min(onset, from);
    end = highest == 0 ? to : std::max(end, to);
    highest = std::max(highest, grade);
  }
  double duration() const { return end - onset; }
};

// The way from enrolment to infusion: enrolment is day 0 of the pathway's events here.
double day_of_enrolment(const therapy::Journey& journey) {
  const double day = therapy::day_of(journey, therapy::Step::Enrolment);
  return std::isnan(day) ? 0 : day;
}

}  // namespace

namespace {

therapy::Patient referred(const Person& person, std::uint64_t individual, double growth) {
  therapy::Patient patient;
  patient.number = individual;
  patient.age = person.age;
  patient.weight = person.weight;
  patient.lymphocytes = person.lymphocytes;
  patient.burden = person.burden;
  patient.growth = growth;
  patient.prior_lines = 3;
  return patient;
}

}  // namespace

// The dose that is planned for a patient, by blasts or by chance; nullptr: the pathway's own.
const DoseLevel* VirtualTrial::Inside::level_of(const Person& person, const impl::Luck& luck) const {
  if (setup.levels.empty()) return nullptr;
  const double blasts = 100 * person.burden / (setup.people.marrow_cells * person.weight / 70);
  double left = luck.uniform(impl::Purpose::DoseLevel);
  for (const DoseLevel& level : setup.levels) {
    if (level.by_blasts()) {
      const bool below = level.blasts_through < 0 || blasts <= level.blasts_through;
      if (below && (level.blasts_above < 0 || blasts > level.blasts_above)) return &level;
    } else if (left < level.share) {
      return &level;
    } else {
      left -= level.share;
    }
  }
  return &setup.levels.back();
}

// When the trial's algorithm has tocilizumab given to this patient.
void VirtualTrial::Inside::set_algorithm(std::span<double> parameters) const {
  if (setup.tocilizumab_from > 0) {
    const impl::Individual who{parameters, &places};
    parameters[places.of(Parameter::TociRule)] =
        impl::leak_of_grade(who, setup.scale, static_cast<int>(setup.tocilizumab_from));
  }
  if (setup.tocilizumab_fever > 0) parameters[places.of(Parameter::TociFever)] = setup.tocilizumab_fever;
}

// The rule of a second infusion.
void VirtualTrial::Inside::set_again(double cells, bool depleted, std::span<double> parameters) const {
  const Again& again = setup.again;
  if (again.part == 0) return;
  const auto set = [&](Parameter p, double value) { parameters[places.of(p)] = value; };
  set(Parameter::AgainCells, again.part * cells);
  if (again.upon_b_cells) set(Parameter::AgainB, setup.limits.b_cells);
  if (again.tumour > 0) set(Parameter::AgainTumour, again.tumour);
  set(Parameter::AgainFrom, again.from);
  set(Parameter::AgainUntil, again.until);
  set(Parameter::AgainStrength, again.lymphodepletion && depleted ? setup.strength : 0);
}

// Draws a patient, and the way to infusion. A patient who never is enrolled is drawn again, with the next occurrence of screening.
void VirtualTrial::Inside::enrol(std::uint32_t replicate, std::uint32_t number, std::span<double> parameters,
                                 PatientRow& row) const {
  row.replicate = replicate;
  row.number = number;
  row.individual = static_cast<std::uint64_t>(replicate) * setup.size + number;
  const Person person = draw_person(setup.people, setup.seed, row.individual);
  const auto set = [&](Parameter p, double value) { parameters[places.of(p)] = value; };
  const auto get = [&](Parameter p) { return parameters[places.of(p)]; };
  const double growth = get(Parameter::Birth) - get(Parameter::DeathRate);

  const therapy::Patient patient = referred(person, row.individual, growth);
  const impl::Luck luck{setup.seed, row.individual};
  const DoseLevel* level = level_of(person, luck);
  therapy::Pathway pathway = setup.pathway;
  if (level != nullptr) pathway.process.dose = level->bands, row.planned_dose = level->planned;
  const therapy::Journey journey = therapy::journey(patient, pathway, setup.seed);
  const double enrolled = day_of_enrolment(journey);

  row.age = person.age;
  row.weight = person.weight;
  row.lymphocytes = person.lymphocytes;
  row.burden = person.burden;
  row.end = journey.end;
  row.wait = journey.ended - enrolled;
  row.enrolled = setup.accrual * luck.uniform(impl::Purpose::Enrolment);
  row.cut = cut_of(row, setup.follow_up);
  if (journey.end == therapy::PathwayEnd::Died) {
    row.death = Death::Waiting;
    row.death_day = row.wait;
  }
  if (!row.infused()) return;
  const double infusion = therapy::day_of(journey, therapy::Step::Infusion);
  row.vein_to_vein = infusion - therapy::day_of(journey, therapy::Step::Apheresis);
  row.cells = journey.product.cells;
  row.out_of_specification = journey.product.out_of_specification != 0;
  row.burden_infused = journey.burden * get(Parameter::Bridged);
  const double full =
      get(Parameter::Room) * person.weight / 70 * growth / get(Parameter::Birth);  // here the model's growth ends
  if (growth > 0) row.burden_infused = std::min(row.burden_infused, full);

  const double before = infusion - therapy::day_of(journey, therapy::Step::Lymphodepletion);
  set(Parameter::Weight, person.weight);
  set(Parameter::Age, person.age);
  set(Parameter::Lymphocytes, person.lymphocytes);
  set(Parameter::Burden, row.burden_infused * math::exp(growth * first_day) / (person.weight / 70));
  set(Parameter::Cells, journey.product.cells);
  set(Parameter::Memory, journey.product.memory);
  // both parts are made at once: what falls short, falls short in both
  if (level != nullptr && level->second > 0) set(Parameter::SecondCells, level->second * row.cells / level->planned);
  set(Parameter::Strength, std::isnan(before) ? 0 : setup.strength);
  set(Parameter::LdDays, setup.ld_days);
  set_again(row.cells, !std::isnan(before), parameters);
  set_algorithm(parameters);
  set(Parameter::Before, std::isnan(before) ? 1 : std::min(before, -first_day));
}

void VirtualTrial::Inside::see_toxicity(const impl::Individual& who, const impl::Trajectory& course,
                                        const impl::Aftercare& after, PatientRow& row, PatientCourse* seen) const {
  thread_local therapy::SignColumns columns;
  columns.resize(clock.signs.size());
  double highest = 0;
  if (setup.icans && row.age >= therapy::ice_from_years) row.lowest_ice = 10;
  GradedSpan neuro, event;  // laid to CAR T cells within the window, and any
  for (std::size_t i = 0; i < clock.signs.size(); ++i) {
    const std::size_t time = clock.signs[i];
    const double day = clock.times[time];
    const therapy::Signs signs = impl::signs_at(who, course, time, clock.signs[i == 0 ? 0 : i - 1]);
    columns.set(i, day, signs);
    row.steroids = row.steroids || signs.is(therapy::sign::steroid);
    highest = std::max(highest, course.at(time, Column::Il6));
    const double confused = course.at(time, Column::Neuro);
    const std::uint8_t grade = impl::neuro_grade(who, confused);
    event.see(day, grade);
    if (day > setup.neuro_window) continue;
    if (!setup.icans) {
      neuro.see(day, grade);
      continue;
    }
    const therapy::NeuroSigns found = impl::neuro_signs(who, confused);
    const bool by_capd = row.age < therapy::ice_from_years;
    neuro.see(day, therapy::icans_grade(found, by_capd).value);
    if (!by_capd) row.lowest_ice = std::min(row.lowest_ice, static_cast<double>(found.ice));
  }
  therapy::mask_fever(columns, 0, columns.size());
  row.crs = therapy::crs_episode(setup.scale, therapy::whole_course(columns));
  row.neuro = neuro.highest, row.neuro_onset = neuro.onset, row.neuro_duration = neuro.duration();
  if (after.nervous < therapy::never) event.add(after.nervous, after.nervous + after.nervous_days, after.nervous_grade);
  row.neuro_event = event.highest, row.neuro_event_onset = event.onset, row.neuro_event_duration = event.duration();
  row.peak_il6 = highest;
  if (seen != nullptr) see_signs(columns, course, *seen);
}

void VirtualTrial::Inside::see_signs(const therapy::SignColumns& signs, const impl::Trajectory& course,
                                     PatientCourse& seen) const {
  std::vector<std::uint8_t> grades(clock.signs.size());
  therapy::crs_grades(setup.scale, therapy::whole_course(signs), grades);
  for (std::vector<float>* column : {&seen.crs_grade, &seen.tocilizumab, &seen.steroid})
    column->assign(clock.times.size(), std::numeric_limits<float>::quiet_NaN());
  for (std::size_t i = 0; i < clock.signs.size(); ++i) {
    const std::size_t time = clock.signs[i];
    seen.crs_grade[time] = grades[i];
    seen.tocilizumab[time] = static_cast<float>(std::round(course.at(time, Column::TociDoses)));
    seen.steroid[time] = signs.at(i).is(therapy::sign::steroid) ? 1 : 0;
  }
}

void VirtualTrial::Inside::see_course(const impl::Trajectory& course, double last, PatientCourse& seen) const {
  const std::array<std::pair<std::vector<float>*, Column>, 7> columns = {
      {{&seen.transgene, Column::Transgene},
       {&seen.burden, burden_of(setup.definitions.disease)},
       {&seen.b_cells, Column::BCells},
       {&seen.neutrophils, Column::Neutrophils},
       {&seen.platelets, Column::Platelets},
       {&seen.il6, Column::Il6},
       {&seen.temperature, Column::Temperature}}};
  for (const auto& [values, column] : columns) {
    values->clear();
    for (std::size_t time = 0; time < clock.times.size(); ++time)
      values->push_back(static_cast<float>(course.at(time, column)));
  }
  for (std::vector<float>* values : {&seen.transgene, &seen.burden, &seen.b_cells, &seen.neutrophils, &seen.platelets,
                                     &seen.il6, &seen.temperature, &seen.crs_grade, &seen.tocilizumab, &seen.steroid}) {
    for (std::size_t time = 0; time < clock.times.size(); ++time) {
      if (clock.times[time] > last) (*values)[time] = std::numeric_limits<float>::quiet_NaN();
    }
  }
}

// Days on which blood is really drawn differ by up to a day from those planned, in steps of the signs.
std::size_t VirtualTrial::Inside::sampled(const PatientRow& row, std::size_t visit) const {
  const double planned = clock.times[clock.kinetics[visit]];
  if (planned < earliest_shifted || planned > latest_shifted) return clock.kinetics[visit];
  constexpr int steps = static_cast<int>(sample_window / sign_step);
  const impl::Luck luck{setup.seed, row.individual};
  const int shift = static_cast<int>(luck.uniform(impl::Purpose::SampleDay, visit) * (2 * steps + 1)) - steps;
  return clock.signs[static_cast<std::size_t>(std::lround(planned / sign_step) + shift)];
}

// Samples are taken up to the day `last`; all but persistence rests on those up to the cut from which kinetics are reported.
// Trials that report CAR T cells counted copies too: the same measurement, turned into cells by what the blood holds.
void VirtualTrial::Inside::see_kinetics(const impl::Trajectory& course, double last, PatientRow& row) const {
  std::vector<double> days, levels, cells;
  days.reserve(clock.kinetics.size());
  for (std::size_t visit = 0; visit < clock.kinetics.size(); ++visit) {
    std::size_t time = sampled(row, visit);
    // samples planned a day or two apart keep their order: on the planned day, or left out
    if (!days.empty() && clock.times[time] <= days.back()) time = clock.kinetics[visit];
    if (!days.empty() && clock.times[time] <= days.back()) continue;
    if (clock.times[time] > last) break;
    const double copies = course.at(time, Column::Transgene);
    const ensemble::Measured seen = assay.measure(row.individual, visit, copies);
    days.push_back(clock.times[time]);
    levels.push_back(seen.below ? 0 : seen.value);
    cells.push_back(seen.below ? 0 : seen.value * course.at(time, Column::CarCells) / copies);
  }
  if (days.empty()) return;
  for (std::size_t i = 0; i < days.size(); ++i) {
    if (levels[i] > 0) row.kinetics.persistence = days[i];
  }
  // accrual goes on at the cut of the kinetics: everybody is followed for 28 days, the first patients for longest
  if (setup.kinetics_follow_up > 0) {
    last = std::min(last, 28 + 2 * std::max(0.0, setup.kinetics_follow_up - 28) * (1 - row.enrolled / setup.accrual));
    const auto kept = static_cast<std::size_t>(std::upper_bound(days.begin(), days.end(), last) - days.begin());
    days.resize(kept);
    levels.resize(kept);
    cells.resize(kept);
  }
  row.kinetics = kinetics_of(days, levels, setup.copies_limit, row.kinetics.persistence);
  row.cell_kinetics = kinetics_of(days, cells, 0, row.kinetics.persistence);
  for (std::size_t i = 0; i < marrow_days.size() && marrow_days[i] <= last; ++i) {
    const std::uint64_t sample = marrow_samples + 2 * i;
    const auto blood = assay.measure(row.individual, sample, course.at(clock.marrow[i], Column::Transgene));
    const auto marrow = assay.measure(row.individual, sample + 1, course.at(clock.marrow[i], Column::TransgeneMarrow));
    if (!blood.below && !marrow.below) row.kinetics.marrow[i] = marrow.value / blood.value;
  }
}

void VirtualTrial::Inside::close(const impl::Fate& fate, impl::Found found, PatientRow& row, PatientCourse* seen) const {
  std::vector<therapy::Assessed>& visits = found.visits;
  if (fate.death <= row.cut && fate.death <= fate.lost) {
    row.death = fate.cause;
    row.death_day = fate.death;
  }
  if (fate.transplant <= std::min(row.cut, fate.lost)) row.transplant = fate.transplant;
  const double end = std::min({row.cut, fate.lost, fate.death});
  std::erase_if(visits, [&](const therapy::Assessed& visit) { return visit.time > end; });
  const impl::Luck luck{setup.seed, row.individual};
  if (luck.uniform(impl::Purpose::AntigenLooked) < setup.antigen_unknown) {
    for (therapy::Assessed& visit : visits) visit.antigen = therapy::AntigenClass::Unknown;
  }
  for (const therapy::Assessed& visit : visits) {
    if (therapy::is_loss(visit.response) && std::isnan(row.relapse)) row.relapse = visit.time;
  }
  therapy::Course course;
  course.visits = visits;
  course.baseline = found.baseline;
  course.enrolled = -row.wait;
  course.death = fate.death;
  course.death_cause = fate.cause == Death::Disease ? therapy::DeathCause::Disease : therapy::DeathCause::Other;
  course.transplant = fate.transplant;
  course.therapy = fate.next_therapy + 1;
  course.lost = fate.lost;
  course.cut = row.cut;
  row.outcome = therapy::outcome(course, setup.definitions);
  if (seen != nullptr) seen->lane = therapy::swimmer_lane(course);
}

// What happens to a patient, whenever it is looked at.
VirtualTrial::Inside::Followed VirtualTrial::Inside::follow(const impl::Trajectory& course,
                                                            std::span<const double> parameters, PatientRow& row,
                                                            PatientCourse* seen) const {
  const impl::Individual who{parameters, &places};
  const impl::Luck luck{setup.seed, row.individual};
  Followed all{impl::aftercare(who, luck, course), {}, {}};
  see_toxicity(who, course, all.after, row, seen);
  row.neutrophils28 = course.at(clock.day28, Column::Neutrophils);
  row.platelets28 = course.at(clock.day28, Column::Platelets);
  row.neutrophils56 = course.at(clock.day56, Column::Neutrophils);
  row.platelets56 = course.at(clock.day56, Column::Platelets);
  const double second = parameters[places.of(Parameter::SecondCells)];
  if (second > 0) row.second_cells = course.at(clock.day28, Column::SecondPart) > 1.5 ? second : 0;
  all.found = impl::see(setup.definitions.disease, {who, course, clock.baseline, clock.response, setup.limits});
  const impl::Care care{setup.transplant, setup.lost};
  all.fate = impl::fate(who, luck, care, all.found.visits);
  if (all.after.death < all.fate.death) all.fate.death = all.after.death, all.fate.cause = Death::Infection;
  return all;
}

// What is seen of it by the row's cut.
void VirtualTrial::Inside::look(const impl::Trajectory& course, Followed all, PatientRow& row, PatientCourse* seen) const {
  const impl::Fate& fate = all.fate;
  see_aftercare(all.after, std::min({row.cut, fate.lost, fate.death, fate.next_therapy}), row);
  const double last = std::min({row.cut, fate.lost, fate.death, fate.next_therapy, fate.transplant});
  see_kinetics(course, last, row);
  const double again = course.at(clock.times.size() - 1, Column::Again);
  if (again <= last) row.second_infusion = again;
  if (seen != nullptr) see_course(course, last, *seen);
  close(fate, std::move(all.found), row, seen);
}

bool VirtualTrial::Inside::simulate(const Asked& asked, TrialRows& rows) const {
  const std::size_t width = setup.model->parameters.size();
  ensemble::Population population;
  population.seed = setup.seed;
  population.typical = asked.theta.typical;
  population.sd = asked.theta.sd;
  const ensemble::Draws draws(*setup.model, population);
  rows.main.assign(setup.size, {});
  std::vector<double> infused;
  std::vector<std::uint64_t> ids;
  std::vector<std::size_t> who;
  std::vector<double> parameters(width);
  for (std::uint32_t i = 0; i < setup.size; ++i) {
    const std::uint64_t id = static_cast<std::uint64_t>(asked.number) * setup.size + i + 1;
    draws.draw(id, parameters);
    enrol(asked.number, i + 1, parameters, rows.main[i]);
    if (!rows.main[i].infused()) continue;
    infused.insert(infused.end(), parameters.begin(), parameters.end());
    who.push_back(i);
    ids.push_back(id);
  }
  ensemble::Results results;
  ensemble->integrate(infused, ids, results, asked.stop);
  if (asked.stop != nullptr && asked.stop->load()) return false;
  rows.later.assign(asked.later.size(), rows.main);
  for (std::size_t c = 0; c < asked.later.size(); ++c)
    for (PatientRow& row : rows.later[c]) row.cut = cut_of(row, asked.later[c].follow_up);
  const std::size_t block = clock.times.size() * impl::column_count;
  for (std::size_t i = 0; i < who.size(); ++i) {
    PatientRow& row = rows.main[who[i]];
    if (results.status[i] != ensemble::Status::Ok) {
      row.failed = true;
      for (auto& later : rows.later) later[who[i]].failed = true;
      continue;
    }
    const impl::Trajectory course{results.values.data() + i * block, &clock.times};
    PatientCourse seen;
    const Followed all = follow(course, {infused.data() + i * width, width}, row, asked.see ? &seen : nullptr);
    for (auto& later : rows.later) {
      const double cut = later[who[i]].cut;
      later[who[i]] = row;
      later[who[i]].cut = cut;
      look(course, all, later[who[i]], nullptr);
    }
    look(course, all, row, asked.see ? &seen : nullptr);
    if (asked.see) asked.see(row, seen);
  }
  return true;
}

VirtualTrial::VirtualTrial(const VirtualSetup& setup) : inside_(std::make_unique<Inside>()) {
  Inside& in = *inside_;
  in.setup = setup;
  Problems problems;
  in.places = impl::find_places(*setup.model, problems);
  problems.throw_if_any();
  in.clock = make_clock(setup);
  ensemble::Plan plan;
  plan.model = setup.model;
  plan.protocol = in.places.protocol;
  plan.columns = in.places.columns;
  plan.times = in.clock.times;
  plan.start = first_day;
  plan.solver.rtol = setup.rtol;
  plan.small_numbers = {true, setup.grid, setup.seed};
  in.ensemble.emplace(plan);
  const model::Residual* residual = nullptr;
  for (const model::Residual& r : setup.model->residuals) {
    if (r.output == "transgene") residual = &r;
  }
  in.assay = ensemble::Assay(setup.seed, "transgene", residual, setup.copies_limit);
}

VirtualTrial::~VirtualTrial() = default;
VirtualTrial::VirtualTrial(VirtualTrial&&) noexcept = default;
VirtualTrial& VirtualTrial::operator=(VirtualTrial&&) noexcept = default;

Theta VirtualTrial::typical() const {
  Theta theta;
  for (const model::Parameter& p : inside_->setup.model->parameters) {
    theta.typical.push_back(p.value);
    theta.sd.push_back(p.variability.sd);
  }
  return theta;
}

const std::vector<double>& VirtualTrial::days() const { return inside_->clock.times; }

const VirtualSetup& VirtualTrial::setup() const { return inside_->setup; }

std::string VirtualTrial::engine_text() const { return inside_->ensemble->engine_text(); }

bool VirtualTrial::replicate(std::uint32_t number, const Theta& theta, std::vector<PatientRow>& rows,
                             const std::atomic<bool>* stop, const CourseSink& see) const {
  TrialRows all;
  const bool done = inside_->simulate({number, theta, {}, stop, see}, all);
  rows = std::move(all.main);
  return done;
}

bool VirtualTrial::replicate(std::uint32_t number, const Theta& theta, TrialRows& rows, const std::atomic<bool>* stop,
                             const CourseSink& see) const {
  return inside_->simulate({number, theta, inside_->setup.later, stop, see}, rows);
}

}  // namespace carina::trial
