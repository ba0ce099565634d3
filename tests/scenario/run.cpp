#include "scenario/run.h"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/hash.h"
#include "base/problem.h"
#include "scenario/support.h"
#include "stats/nca.h"

using namespace carina;
using record::Recording;
using test::hash_of;
using test::kimmel;
using test::read;
using test::run;
using test::stein;

namespace {

constexpr const char* everything =
    "reduce = \"all\"\n[observe]\nvisits = \"0, 4, 7, 10, 14, 21, 28 day\"\nlloq = \"50 copies/ug\"\n"
    "[[endpoint]]\nname = \"seen\"\nwhen = \"transgene >= 9000 'copies/ug'\"\n"
    "[[endpoint]]\nname = \"truth\"\nwhen = \"transgene >= 9000 'copies/ug'\"\nexact = true\n";

constexpr const char* with_visits =
    "reduce = [\"quantiles\", \"nca\"]\n[observe]\nvisits = \"0, 4, 7, 10, 14, 21, 28 day\"\n";

std::string bits(const record::Column& column) {
  Hash hash;
  if (const auto* doubles = std::get_if<std::vector<double>>(&column.values)) {
    hash.doubles(*doubles);  // all NaNs are alike
  } else {
    std::visit(
        [&](const auto& values) {
          for (const auto& value : values) hash.text(fmt::format("{}", value));
        },
        column.values);
  }
  return hash.hex();
}

}  // namespace

TEST_SUITE_BEGIN("threads");

TEST_CASE("1, 2, 3 and 8 threads leave the same bits") {
  for (const std::string& text : {stein(1500, everything), kimmel(1500, "reduce = \"all\"\n")}) {
    const test::Folder folder;
    const auto s = read(text);
    std::vector<std::string> hashes;
    for (const int threads : {1, 2, 3, 8}) {
      const std::string path = folder / (std::to_string(threads) + ".h5");
      CHECK(run(s, path, threads).complete);
      hashes.push_back(hash_of(path));
    }
    for (const std::string& hash : hashes) CHECK(hash == hashes.front());
  }
}

TEST_CASE("a run that is stopped goes on to the same bits") {
  const test::Folder folder;
  const auto s = read(stein(20'000, with_visits));
  run(s, folder / "whole.h5");
  std::atomic<bool> stop = false;
  scenario::RunOptions options;
  options.threads = 1;
  options.stop = &stop;
  options.progress = [&](const Progress& progress) { stop = progress.done > 1000; };
  const auto stopped = scenario::run(s, folder / "part.h5", options);
  CHECK_FALSE(stopped.complete);
  CHECK(stopped.integrated > 0);
  CHECK(stopped.integrated < 20'000);
  // what is there can be read, with tables made of the chunks that are done
  const Recording part = Recording::open(folder / "part.h5", scenario::finish);
  CHECK_FALSE(part.complete());
  CHECK(part.rows("individuals") == stopped.integrated);
  CHECK(part.has("quantiles"));

  options = {};
  options.existing = record::Existing::Resume;
  const auto resumed = scenario::run(s, folder / "part.h5", options);
  CHECK(resumed.complete);
  CHECK(resumed.integrated == 20'000 - stopped.integrated);
  CHECK(hash_of(folder / "part.h5") == hash_of(folder / "whole.h5"));
}

TEST_CASE("shards that are joined have the bits of one run") {
  const test::Folder folder;
  const auto s = read(stein(2600, everything));
  run(s, folder / "whole.h5");
  std::vector<std::string> paths;
  for (std::uint64_t i = 1; i <= 3; ++i) {
    scenario::RunOptions options;
    options.shard = {i, 3};
    paths.push_back(folder / ("shard" + std::to_string(i) + ".h5"));
    CHECK(scenario::run(s, paths.back(), options).complete);
  }
  record::merge(paths, folder / "merged.h5", record::Existing::Refuse, scenario::finish);
  CHECK(hash_of(folder / "merged.h5") == hash_of(folder / "whole.h5"));
}

TEST_SUITE_END();

TEST_CASE("the virtual machine and the JIT leave the same bits") {
  for (const std::string& text : {stein(600, everything), kimmel(600, "reduce = \"all\"\n")}) {
    const test::Folder folder;
    run(read(text, {{"solver.engine", "vm"}}), folder / "vm.h5");
    run(read(text, {{"solver.engine", "jit"}}), folder / "jit.h5");
    CHECK(hash_of(folder / "vm.h5") == hash_of(folder / "jit.h5"));
  }
}

TEST_CASE("another seed gives another result, and a scenario of more individuals keeps the first ones") {
  const test::Folder folder;
  run(read(stein(40)), folder / "a.h5");
  run(read(stein(40), {{"seed", "6"}}), folder / "b.h5");
  run(read(stein(70)), folder / "c.h5");
  CHECK(hash_of(folder / "a.h5") != hash_of(folder / "b.h5"));
  const auto a = Recording::open(folder / "a.h5").read_column("individuals", "Cmax");
  const auto c = Recording::open(folder / "c.h5").read_column("individuals", "Cmax");
  CHECK(std::equal(a.doubles().begin(), a.doubles().end(), c.doubles().begin()));
}

TEST_CASE("one individual alone has the bits that it has among all") {
  const test::Folder folder;
  const auto s = read(stein(800, everything));
  run(s, folder / "all.h5");
  scenario::RunOptions options;
  options.only = 513;
  scenario::run(s, folder / "one.h5", options);
  const Recording all = Recording::open(folder / "all.h5"), one = Recording::open(folder / "one.h5");
  for (const char* table : {"trajectories", "observations", "nca", "individuals", "events"}) {
    const record::Table among = all.read(table, 512, 1), alone = one.read(table);
    REQUIRE(alone.rows() == 1);
    for (const record::Column& column : alone.columns) CHECK(bits(among.column(column.name)) == bits(column));
  }
  options.trace = true;
  scenario::run(s, folder / "traced.h5", options);
  const Recording traced = Recording::open(folder / "traced.h5");
  CHECK(bits(traced.read("trajectories").column("transgene")) == bits(one.read("trajectories").column("transgene")));
  const record::Table trace = traced.read("trace");
  const auto& what = std::get<std::vector<std::string>>(trace.column("what").values);
  CHECK(std::count(what.begin(), what.end(), "step") ==
        std::get<std::vector<std::int32_t>>(one.read("individuals").column("steps").values).front());
  CHECK(std::count(what.begin(), what.end(), "switch") >= 1);
  options.trace = false;
  options.only = 801;
  CHECK_THROWS_AS(scenario::run(s, folder / "none.h5", options), InputError);
}

TEST_CASE("one individual alone has the luck that it has among all, unless the seed or the equations alone decide") {
  const test::Folder folder;
  const std::string text = kimmel(600, "reduce = \"all\"\n");
  run(read(text), folder / "all.h5");
  scenario::RunOptions options;
  options.only = 514;
  options.trace = true;
  scenario::run(read(text), folder / "one.h5", options);
  const Recording all = Recording::open(folder / "all.h5"), one = Recording::open(folder / "one.h5");
  CHECK(bits(all.read("trajectories", 513, 1).column("cells")) == bits(one.read("trajectories").column("cells")));
  const auto cured = [&](const char* name, std::vector<scenario::Override> overrides) {
    run(read(text, std::move(overrides)), folder / name);
    const record::Column cells = Recording::open(folder / name).read("trajectories").column("cells");
    std::vector<int> list;
    for (std::size_t i = 0; i < 600; ++i) list.push_back(cells.doubles()[13 * i + 12] == 0 ? 1 : 0);
    return list;
  };
  const auto first = cured("a.h5", {}), other = cured("b.h5", {{"seed", "6"}});
  CHECK(first != other);
  CHECK(std::count(first.begin(), first.end(), 1) > 200);
  const auto never = cured("c.h5", {{"solver.small_numbers", "deterministic"}});
  CHECK(std::count(never.begin(), never.end(), 1) == 0);
}

TEST_CASE("the recorded course is the closed form of the model") {
  const test::Folder folder;
  const auto s = read(
      "scenario = 1\n[model]\nuse = \"stein_2019\"\n[population]\nvariability = false\n[output]\n"
      "times = \"0, 1, 9, 28, 180 day\"\nreduce = [\"trajectories\", \"quantiles\"]\n[solver]\nrtol = 1e-9\n");
  run(s, folder / "x.h5");
  const auto course = Recording::open(folder / "x.h5").read_column("trajectories", "transgene").doubles();
  const double rho = std::log(3900.0) / 9.3;
  CHECK(course[0] == doctest::Approx(24000.0 / 3900).epsilon(1e-12));
  CHECK(course[1] == doctest::Approx(24000.0 / 3900 * std::exp(rho)).epsilon(1e-7));
  CHECK(course[2] == doctest::Approx(24000.0 / 3900 * std::exp(9 * rho)).epsilon(1e-7));
  for (const std::size_t i : {3u, 4u}) {
    const double after = (i == 3 ? 28 : 180) - 9.3;
    const double exact = 24000 * ((1 - 0.0079) * std::exp(-0.16 * after) + 0.0079 * std::exp(-0.0032 * after));
    CHECK(course[i] == doctest::Approx(exact).epsilon(1e-7));
  }
}

TEST_CASE("quantiles, means and the summary agree with the trajectories that they reduce") {
  const test::Folder folder;
  run(read(stein(700, "reduce = \"all\"\n")), folder / "x.h5");
  const Recording r = Recording::open(folder / "x.h5");
  const auto all = r.read_column("trajectories", "transgene").doubles();
  const auto quantiles = r.read("quantiles");
  const auto means = r.read_column("means", "transgene").doubles();
  const std::size_t times = 29;
  for (const std::size_t t : {0u, 9u, 28u}) {
    std::vector<double> values;
    double sum = 0;
    for (std::size_t i = 0; i < 700; ++i) values.push_back(all[i * times + t]), sum += values.back();
    std::sort(values.begin(), values.end());
    CHECK(means[t] == doctest::Approx(sum / 700).epsilon(1e-12));
    for (std::size_t p = 0; p < 5; ++p) {
      const double h = 699 * quantiles.column("probability").doubles()[p];
      const auto k = static_cast<std::size_t>(h);
      const double exact = values[k] + (h - std::floor(h)) * (values[k + 1] - values[k]);
      CHECK(quantiles.column("transgene").doubles()[p * times + t] == doctest::Approx(exact).epsilon(0.0011));
    }
  }
  auto cmax = r.read_column("nca", "Cmax").doubles();
  std::sort(cmax.begin(), cmax.end());
  const auto summary = r.read("summary");
  CHECK(summary.column("endpoint").texts()[0] == "Cmax");
  CHECK(summary.column("median").doubles()[0] == doctest::Approx((cmax[349] + cmax[350]) / 2).epsilon(1e-14));
  CHECK(summary.column("n").integers()[0] == 700);
}

TEST_CASE("profiles are analysed on what the trial would have seen when it is given, and the recording says which") {
  const test::Folder folder;
  run(read(stein(50, everything)), folder / "seen.h5");
  run(read(stein(50, "reduce = \"all\"\n")), folder / "exact.h5");
  const Recording seen = Recording::open(folder / "seen.h5"), exact = Recording::open(folder / "exact.h5");
  CHECK(seen.shape("nca").about.find("what a trial would have seen: visits 0, 4, 7") != std::string::npos);
  CHECK(exact.shape("nca").about.find("the exact solution") != std::string::npos);
  const auto observations = seen.read("observations");
  const auto& values = observations.column("transgene").doubles();
  const auto& below = std::get<std::vector<std::uint8_t>>(observations.column("transgene_below").values);
  const std::vector<double> visits = {0, 4, 7, 10, 14, 21, 28};
  int flagged = 0;
  for (std::size_t i = 0; i < 50; ++i) {
    std::vector<double> profile;
    for (std::size_t v = 0; v < 7; ++v) {
      flagged += below[i * 7 + v];
      CHECK(values[i * 7 + v] >= 50);
      profile.push_back(below[i * 7 + v] ? 0 : values[i * 7 + v]);
    }
    stats::NcaOptions options;
    options.lloq = 50;
    options.end = 28;
    const stats::NcaResult result = stats::nca(visits, profile, options);
    CHECK(seen.read_column("nca", "Cmax").doubles()[i] == result.cmax);
    CHECK(seen.read_column("nca", "AUC0-28d").doubles()[i] == result.auc_end);
  }
  CHECK(flagged > 20);
}

TEST_CASE("quantiles of what was reported agree with the observations, and so does the share below the limit") {
  const test::Folder folder;
  run(read(stein(900, everything)), folder / "x.h5");
  const Recording r = Recording::open(folder / "x.h5");
  const auto reported = r.read_column("observations", "transgene").doubles();
  const auto below = std::get<std::vector<std::uint8_t>>(r.read_column("observations", "transgene_below").values);
  const auto table = r.read("observed_quantiles");
  CHECK(table.coordinates.front().doubles() == std::vector<double>{0, 4, 7, 10, 14, 21, 28});
  for (std::size_t v = 0; v < 7; ++v) {
    std::vector<double> values;
    int limited = 0;
    for (std::size_t i = 0; i < 900; ++i) values.push_back(reported[i * 7 + v]), limited += below[i * 7 + v];
    std::sort(values.begin(), values.end());
    for (std::size_t p = 0; p < 5; ++p) {
      const double h = 899 * table.column("probability").doubles()[p];
      const auto k = static_cast<std::size_t>(h);
      const double exact = values[k] + (h - std::floor(h)) * (values[k + 1] - values[k]);
      CHECK(table.column("transgene").doubles()[p * 7 + v] == doctest::Approx(exact).epsilon(0.0011));
      if (values[k + 1] == 50) CHECK(table.column("transgene").doubles()[p * 7 + v] == 50);
      CHECK(table.column("transgene_below").doubles()[p * 7 + v] == limited / 900.0);
    }
  }
}

TEST_CASE("endpoints are formulas at their time") {
  const test::Folder folder;
  run(read(stein(20,
                 "reduce = \"trajectories\"\n[[endpoint]]\nname = \"day10\"\nis = \"transgene\"\nunit = \"copies/ng\"\nat = "
                 "\"10 day\"\n"
                 "[[endpoint]]\nname = \"half\"\nis = \"log(2)/beta\"\nunit = \"day\"\n")),
      folder / "x.h5");
  const Recording r = Recording::open(folder / "x.h5");
  const auto course = r.read_column("trajectories", "transgene").doubles();
  const auto beta = r.read_column("individuals", "beta").doubles();
  for (std::size_t i = 0; i < 20; ++i) {
    CHECK(r.read_column("endpoints", "day10").doubles()[i] == doctest::Approx(course[i * 29 + 10] / 1000).epsilon(1e-15));
    CHECK(r.read_column("endpoints", "half").doubles()[i] == doctest::Approx(std::log(2.0) / beta[i]).epsilon(1e-14));
  }
}

TEST_CASE("individuals that fail are counted with advice, and the others stay as they are") {
  const test::Folder folder;
  const auto s = read(stein(200), {{"solver.max_steps", "40"}});
  const auto summary = run(s, folder / "x.h5");
  CHECK(summary.complete);
  REQUIRE(summary.failures.size() == 1);
  CHECK(summary.failures[0].status == "TooManySteps");
  CHECK(summary.failures[0].advice.find("max_steps") != std::string::npos);
  CHECK(summary.failures[0].individuals > 0);
  CHECK(summary.failures[0].individuals <= 200);
}

TEST_CASE("a recording that stands there is not touched without being told") {
  const test::Folder folder;
  const auto s = read(stein(10));
  run(s, folder / "x.h5");
  CHECK_THROWS_AS(run(s, folder / "x.h5"), InputError);
  scenario::RunOptions options;
  options.existing = record::Existing::Resume;
  CHECK_THROWS_AS(scenario::run(read(stein(11)), folder / "x.h5", options), InputError);
  const auto again = scenario::run(s, folder / "x.h5", options);
  CHECK(again.complete);
  CHECK(again.integrated == 0);
}

TEST_CASE("a run that does not fit is refused before it starts") {
  const test::Folder folder;
  const auto s = read(stein(100'000'000, "reduce = \"trajectories\"\n"), {{"output.every", "0.001 day"}});
  scenario::RunOptions options;
  const scenario::RunEstimate estimate = scenario::estimate(s, folder / "x.h5", options, false);
  CHECK(estimate.disk > 1e13);
  CHECK(estimate.refusal().find("of disk") != std::string::npos);
  CHECK_THROWS_AS(scenario::run(s, folder / "x.h5", options), InputError);
  CHECK_FALSE(std::filesystem::exists(folder / "x.h5.parts"));
}

TEST_CASE("a recording holds every file that entered") {
  const test::Folder folder;
  run(read(stein(3)), folder / "x.h5");
  const auto plan = Recording::open(folder / "x.h5").plan();
  REQUIRE(plan.files.size() == 2);
  CHECK(plan.files[0].kind == "scenario");
  CHECK(plan.files[0].text == stein(3));
  CHECK(plan.files[1].kind == "model");
  CHECK(plan.scenario == scenario::resolved_text(read(stein(3))));
}
