#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

#include "scenario/support.h"

using namespace carina;
using record::Recording;
using test::read;
using test::run;
using test::stein;

namespace {

constexpr const char* with_visits =
    "reduce = \"observations\"\n[observe]\nvisits = \"0, 4, 7, 10, 14, 21, 28 day\"\nlloq = \"50 copies/ug\"\n";

std::string event(const std::string& name, const std::string& when, const std::string& more = "") {
  return "[[endpoint]]\nname = \"" + name + "\"\nwhen = \"" + when + "\"\n" + more;
}

std::vector<double> doubles(const Recording& r, const char* table, const std::string& column) {
  return r.read_column(table, column).doubles();
}

std::vector<std::uint8_t> bytes(const Recording& r, const char* table, const std::string& column) {
  return std::get<std::vector<std::uint8_t>>(r.read_column(table, column).values);
}

}  // namespace

TEST_CASE("the time of an event is where the course crosses the threshold, or the end of follow-up") {
  const test::Folder folder;
  const auto s = read(stein(1, event("expanded", "transgene >= 1000 'copies/ug'") +
                                   event("gone", "transgene < 2000 'copies/ug' and t > 10 'day'", "until = \"20 day\"\n") +
                                   event("late", "t >= 12.5 'day'")),
                      {{"population.variability", "false"}, {"solver.rtol", "1e-9"}});
  run(s, folder / "x.h5");
  const Recording r = Recording::open(folder / "x.h5");
  const double rho = std::log(3900.0) / 9.3;
  CHECK(doubles(r, "events", "expanded")[0] == doctest::Approx(std::log(1000 * 3900.0 / 24000) / rho).epsilon(1e-7));
  CHECK(bytes(r, "events", "expanded_event")[0] == 1);
  CHECK(doubles(r, "events", "gone")[0] == 20);
  CHECK(bytes(r, "events", "gone_event")[0] == 0);
  CHECK(doubles(r, "events", "late")[0] == 12.5);
}

TEST_CASE("the recorded curve of survival is the share of the individuals without the event, failed ones left out") {
  const test::Folder folder;
  const auto s = read(stein(300, event("seen", "transgene >= 20000 'copies/ug'", "until = \"14 day\"\n")),
                      {{"solver.max_steps", "55"}});
  run(s, folder / "x.h5");
  const Recording r = Recording::open(folder / "x.h5");
  const auto times = doubles(r, "events", "seen");
  const auto happened = bytes(r, "events", "seen_event");
  const auto finished = std::count_if(times.begin(), times.end(), [](double time) { return !std::isnan(time); });
  REQUIRE(finished > 50);
  REQUIRE(finished < 300);
  const auto curve = r.read("survival_seen");
  REQUIRE(curve.rows() == 15);
  for (const std::size_t day : {0u, 9u, 14u}) {
    std::int64_t without = 0, events = 0;
    for (std::size_t i = 0; i < 300; ++i) {
      without += times[i] > static_cast<double>(day) ? 1 : 0;
      events += times[i] <= static_cast<double>(day) && happened[i] != 0 ? 1 : 0;
    }
    CHECK(curve.column("events").integers()[day] == events);
    if (day < 14) CHECK(without + events == finished);
    CHECK(curve.column("survival").doubles()[day] ==
          doctest::Approx(1 - static_cast<double>(events) / static_cast<double>(finished)).epsilon(1e-12));
    CHECK(curve.column("low").doubles()[day] <= curve.column("survival").doubles()[day]);
  }
  const auto summary = r.read("time_to_event");
  CHECK(summary.column("n").integers()[0] == finished);
  CHECK(summary.column("until").doubles()[0] == 14);
  CHECK(summary.column("survival").doubles()[0] == curve.column("survival").doubles()[14]);
}

TEST_CASE("with visits an event is seen at the first visit that reports it, and follow-up ends at the last visit") {
  const test::Folder folder;
  const std::string endpoints = event("seen", "transgene >= 10000 'copies/ug' and Tmax < 12 'day'", "until = \"25 day\"\n") +
                                event("truth", "transgene >= 10000 'copies/ug'", "exact = true\n") +
                                event("below", "transgene <= 50 'copies/ug'");
  run(read(stein(200, with_visits + endpoints)), folder / "x.h5");
  const Recording r = Recording::open(folder / "x.h5");
  const auto reported = doubles(r, "observations", "transgene");
  const auto limit = bytes(r, "observations", "transgene_below");
  const auto tmax = doubles(r, "individuals", "Tmax");
  const std::vector<double> visits = {0, 4, 7, 10, 14, 21, 28};
  int events = 0;
  for (std::size_t i = 0; i < 200; ++i) {
    double expected = 21, below = 28;
    bool happened = false;
    for (std::size_t v = 7; v-- > 0;) {
      if (limit[i * 7 + v] != 0 || reported[i * 7 + v] == 50) below = visits[v];
      if (visits[v] > 25 || !(reported[i * 7 + v] >= 10000) || !(tmax[i] < 12)) continue;
      expected = visits[v];
      happened = true;
    }
    events += happened;
    CHECK(doubles(r, "events", "seen")[i] == expected);
    CHECK(bytes(r, "events", "seen_event")[i] == (happened ? 1 : 0));
    CHECK(doubles(r, "events", "below")[i] == below);
  }
  CHECK(events > 20);
  CHECK(events < 180);
  CHECK(std::count(visits.begin(), visits.end(), doubles(r, "events", "truth")[0]) == 0);
  CHECK(r.shape("events").column("seen").about.find("visits 0, 4, 7") != std::string::npos);
  CHECK(r.shape("events").column("truth").about.find("the exact solution") != std::string::npos);
}

TEST_CASE("with visits a number that depends on the course is taken from the value reported at its visit") {
  const test::Folder folder;
  run(read(stein(50,
                 std::string(with_visits) +
                     "[[endpoint]]\nname = \"day10\"\nis = \"transgene/2\"\nunit = \"copies/ug\"\nat = \"10 day\"\n"
                     "[[endpoint]]\nname = \"exact10\"\nis = \"transgene/2\"\nunit = \"copies/ug\"\nat = \"10 day\"\n"
                     "exact = true\n[[endpoint]]\nname = \"half\"\nis = \"log(2)/beta\"\nunit = \"day\"\nat = \"3 day\"\n")),
      folder / "x.h5");
  const Recording r = Recording::open(folder / "x.h5");
  const auto reported = doubles(r, "observations", "transgene");
  int differ = 0;
  for (std::size_t i = 0; i < 50; ++i) {
    CHECK(doubles(r, "endpoints", "day10")[i] == reported[i * 7 + 3] / 2);
    differ += doubles(r, "endpoints", "exact10")[i] != doubles(r, "endpoints", "day10")[i];
    CHECK(doubles(r, "endpoints", "half")[i] ==
          doctest::Approx(std::log(2.0) / doubles(r, "individuals", "beta")[i]).epsilon(1e-14));
  }
  CHECK(differ > 40);
}

TEST_CASE("an endpoint with a condition is written back as it was") {
  const auto s = read(stein(10, with_visits + event("seen", "transgene >= 1 'copies/ng'", "until = \"2 week\"\n") +
                                    event("truth", "E < 1 'copies/ug'", "exact = true\nabout = \"why\"\n")));
  const std::string resolved = scenario::resolved_text(s);
  CHECK(resolved.find("until = \"2 week\"") != std::string::npos);
  CHECK(scenario::resolved_text(read(resolved)) == resolved);
}
