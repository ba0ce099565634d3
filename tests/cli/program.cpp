#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>
#include <thread>

#include "scenario/support.h"

using carina::test::Folder;
using carina::test::stein;

namespace {

struct Ended {
  int code = 0;
  std::string out, err;
};

std::string text_of(const std::string& path) {
  std::ifstream file(path);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

pid_t start(const Folder& folder, std::vector<std::string> words) {
  words.insert(words.begin(), CARINA_PROGRAM);
  std::vector<char*> list;
  for (std::string& word : words) list.push_back(word.data());
  list.push_back(nullptr);
  const std::string out = folder / "out", err = folder / "err";
  const pid_t child = ::fork();
  if (child == 0) {
    ::dup2(::open(out.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600), STDOUT_FILENO);
    ::dup2(::open(err.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600), STDERR_FILENO);
    ::execv(list[0], list.data());
    ::_exit(127);
  }
  return child;
}

Ended wait(const Folder& folder, pid_t child) {
  int status = 0;
  ::waitpid(child, &status, 0);
  return {WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status), text_of(folder / "out"), text_of(folder / "err")};
}

Ended call(const Folder& folder, const std::vector<std::string>& words) { return wait(folder, start(folder, words)); }

void write(const std::string& path, const std::string& text) { std::ofstream(path) << text; }

std::size_t chunks_in(const std::string& folder) {
  std::error_code error;
  std::size_t count = 0;
  for (const auto& entry : std::filesystem::directory_iterator(folder, error)) {
    const std::string name = entry.path().filename().string();
    if (name.starts_with("chunk-") && !name.ends_with(".tmp")) ++count;
  }
  return count;
}

}  // namespace

TEST_CASE("the program says its version") {
  const Folder folder;
  const Ended ended = call(folder, {"--version"});
  CHECK(ended.code == 0);
  CHECK(ended.out.starts_with("carina 0."));
}

TEST_CASE("a wrong command line ends with 2 and says why") {
  const Folder folder;
  CHECK(call(folder, {}).code == 2);
  CHECK(call(folder, {"rum"}).code == 2);
  CHECK(call(folder, {"run"}).code == 2);
  const Ended ended = call(folder, {"run", "nowhere.toml", "-o", folder / "x.h5"});
  CHECK(ended.code == 2);
  CHECK(ended.err == "carina: nowhere.toml: cannot be read\n");
  CHECK(call(folder, {"--help"}).code == 0);
}

TEST_CASE("models lists the library and prints a manual page, also as JSON") {
  const Folder folder;
  CHECK(call(folder, {"models"}).out.find("stein_2019") != std::string::npos);
  const auto list = nlohmann::json::parse(call(folder, {"models", "--json"}).out);
  CHECK(list.size() >= 3);
  CHECK(call(folder, {"models", "stein_2019"}).out.find("Tmax") != std::string::npos);
  CHECK(nlohmann::json::parse(call(folder, {"models", "stein_2019", "--json"}).out).is_object());
  const Ended ended = call(folder, {"models", "stien_2019"});
  CHECK(ended.code == 2);
  CHECK(ended.err.find("did you mean \"stein_2019\"?") != std::string::npos);
}

TEST_CASE("check prints all problems of a scenario and ends with 2, or ok") {
  const Folder folder;
  write(folder / "good.toml", stein(3));
  write(folder / "bad.toml", stein(3) + "column = 3\n[solver]\nrtol = 2\n");
  CHECK(call(folder, {"check", folder / "good.toml"}).out == "ok\n");
  const Ended ended = call(folder, {"check", folder / "bad.toml"});
  CHECK(ended.code == 2);
  CHECK(ended.err.find("output.column: is not a key here (did you mean \"columns\"?)") != std::string::npos);
  CHECK(ended.err.find("solver.rtol = 2: must be from 1e-12 to 0.01") != std::string::npos);
  const auto problems = nlohmann::json::parse(call(folder, {"check", "--json", folder / "bad.toml"}).out);
  CHECK(problems["problems"].size() == 2);
  const Ended resolved = call(folder, {"check", "--resolved", folder / "good.toml"});
  write(folder / "again.toml", resolved.out);
  CHECK(call(folder, {"check", "--resolved", folder / "again.toml"}).out == resolved.out);
}

TEST_CASE("trials lists the published trials and prints the page of one, and check writes one out with every default") {
  const Folder folder;
  CHECK(call(folder, {"trials"}).out.find("eliana") != std::string::npos);
  const auto list = nlohmann::json::parse(call(folder, {"trials", "--json"}).out);
  REQUIRE(list.size() >= 9);
  CHECK(list[0]["figures"]["calibrate"] >= 1);
  CHECK(call(folder, {"trials", "eliana"}).out.find("overall_response") != std::string::npos);
  const auto page = nlohmann::json::parse(call(folder, {"trials", "eliana", "--json"}).out);
  CHECK(page["design"]["enrolled"]["value"] == 92);
  CHECK(call(folder, {"trials", "elianna"}).err ==
        "carina: trial = \"elianna\": is no known trial (did you mean \"eliana\"?)\n");
  const std::string eliana = std::string(CARINA_SOURCE_TREE) + "/trials/eliana.toml";
  CHECK(call(folder, {"check", eliana}).out == "ok\n");
  write(folder / "resolved.toml", call(folder, {"check", "--resolved", eliana}).out);
  CHECK(call(folder, {"check", "--resolved", folder / "resolved.toml"}).out == text_of(folder / "resolved.toml"));
}

TEST_CASE("check runs what a model file promises") {
  const Folder folder;
  const std::string model = text_of(std::string(CARINA_SOURCE_TREE) + "/models/stein_2019.toml");
  write(folder / "stein_2019.toml", model);
  CHECK(call(folder, {"check", folder / "stein_2019.toml"}).out == "ok\n");
  write(folder / "wrong.toml", model +
                                   "\n[[check]]\nname = \"wrong\"\nof = \"transgene\"\nat = \"0 day\"\nvalue = 24001\n"
                                   "relative = 1e-6\nunit = \"copies/ug\"\nsource = \"closed_form\"\n");
  const Ended ended = call(folder, {"check", folder / "wrong.toml"});
  CHECK(ended.code == 2);
  CHECK(ended.err.find("must give 24001 copies/ug") != std::string::npos);
  CHECK(call(folder, {"check", "--quick", folder / "wrong.toml"}).code == 0);
}

TEST_CASE("run, show, export, diff, hash and report work on one recording") {
  const Folder folder;
  write(folder / "s.toml", stein(60, "reduce = \"all\"\n"));
  const std::string x = folder / "x.h5";
  const Ended ran = call(folder, {"run", folder / "s.toml", "-o", x});
  CHECK(ran.code == 0);
  CHECK(ran.out.find("all finished") != std::string::npos);
  CHECK(ran.out.find("next: carina report") != std::string::npos);
  CHECK(ran.err.find("100 %  60 of 60 individuals") != std::string::npos);
  CHECK(call(folder, {"run", folder / "s.toml", "-o", x}).code == 2);
  CHECK(call(folder, {"run", folder / "s.toml", "-o", x, "--force", "--quiet"}).out.empty());
  CHECK(call(folder, {"show", x}).out.find("AUC0-28d") != std::string::npos);
  CHECK(nlohmann::json::parse(call(folder, {"show", x, "--json"}).out)["individuals"] == 60);
  const Ended csv = call(folder, {"export", x, "--table", "nca", "--format", "csv"});
  CHECK(csv.out.starts_with("individual,Cmax,Tmax,AUC0-28d,"));
  CHECK(std::count(csv.out.begin(), csv.out.end(), '\n') == 61);
  CHECK(call(folder, {"export", x, "--table", "nac"}).code == 2);
  CHECK(call(folder, {"run", folder / "s.toml", "-o", folder / "y.h5", "--seed", "9"}).code == 0);
  const Ended differ = call(folder, {"diff", x, folder / "y.h5"});
  CHECK(differ.code == 1);
  CHECK(differ.out.find("individuals") != std::string::npos);
  CHECK(call(folder, {"diff", x, x}).out == "equal\n");
  CHECK(call(folder, {"hash", x}).out.size() == 33);
  CHECK(call(folder, {"report", x, "-o", folder / "x.html"}).code == 0);
  CHECK(text_of(folder / "x.html").find("</html>") != std::string::npos);
  CHECK(call(folder, {"report", x, "-o", folder / "x.svg"}).code == 0);
  CHECK(text_of(folder / "x.svg").starts_with("<svg "));
}

TEST_CASE("pair sets two runs of the same individuals beside each other, and refuses others with 2") {
  const Folder folder;
  write(folder / "s.toml", stein(20, "reduce = \"nca\"\n"));
  call(folder, {"run", folder / "s.toml", "-o", folder / "a.h5"});
  call(folder, {"run", folder / "s.toml", "-o", folder / "b.h5", "--set", "model.set.Fster=0.5"});
  call(folder, {"run", folder / "s.toml", "-o", folder / "c.h5", "--seed", "6"});
  const Ended ended = call(folder, {"pair", folder / "a.h5", folder / "b.h5"});
  CHECK(ended.code == 0);
  CHECK(ended.out.find("Fster=0.5") != std::string::npos);
  CHECK(ended.out.find("Cmax") != std::string::npos);
  CHECK(nlohmann::json::parse(call(folder, {"pair", folder / "a.h5", folder / "b.h5", "--json"}).out)["individuals"] == 20);
  const Ended refused = call(folder, {"pair", folder / "a.h5", folder / "c.h5"});
  CHECK(refused.code == 2);
  CHECK(refused.err.starts_with("carina: seed = 5 and 6: must be the same"));
}

TEST_CASE("a dry run estimates and leaves nothing") {
  const Folder folder;
  write(folder / "s.toml", stein(60));
  const auto estimate =
      nlohmann::json::parse(call(folder, {"run", folder / "s.toml", "-o", folder / "x.h5", "--dry-run", "--json"}).out);
  CHECK(estimate["individuals"] == 60);
  CHECK(estimate["memory_bytes"] > 1e6);
  CHECK(estimate["seconds"] > 0);
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(folder / ""))
    names.push_back(entry.path().filename().string());
  std::sort(names.begin(), names.end());
  CHECK(names == std::vector<std::string>{"err", "out", "s.toml"});
}

TEST_CASE("strict makes failed individuals an error, after the recording is written") {
  const Folder folder;
  write(folder / "s.toml", stein(30, "[solver]\nmax_steps = 40\n"));
  const Ended ended = call(folder, {"run", folder / "s.toml", "-o", folder / "x.h5", "--strict"});
  CHECK(ended.code == 3);
  CHECK(ended.out.find("TooManySteps") != std::string::npos);
  CHECK(std::filesystem::exists(folder / "x.h5"));
}

TEST_CASE("a folder that is not there is the user's mistake") {
  const Folder folder;
  write(folder / "s.toml", stein(3));
  CHECK(call(folder, {"run", folder / "s.toml", "-o", folder / "no/x.h5"}).code == 2);
}

TEST_SUITE_BEGIN("threads");

TEST_CASE("shards that the program joins have the hash of one run") {
  const Folder folder;
  write(folder / "s.toml", stein(1200, "reduce = [\"quantiles\", \"nca\"]\n"));
  call(folder, {"run", folder / "s.toml", "-o", folder / "whole.h5"});
  for (const char* shard : {"1/2", "2/2"}) {
    CHECK(call(folder, {"run", folder / "s.toml", "-o", folder / (std::string("s") + shard[0] + ".h5"), "--shard", shard})
              .code == 0);
  }
  CHECK(call(folder, {"run", folder / "s.toml", "-o", folder / "z.h5", "--shard", "3/2"}).code == 2);
  CHECK(call(folder, {"merge", folder / "s1.h5", folder / "s2.h5", "-o", folder / "m.h5"}).code == 0);
  CHECK(call(folder, {"hash", folder / "m.h5"}).out == call(folder, {"hash", folder / "whole.h5"}).out);
}

TEST_CASE("a run that is killed in the middle and resumed has the hash of one never touched") {
  const Folder folder;
  write(folder / "s.toml", stein(60'000, "reduce = [\"quantiles\", \"nca\"]\n"));
  CHECK(call(folder, {"run", folder / "s.toml", "-o", folder / "whole.h5", "--quiet"}).code == 0);
  const std::string hash = call(folder, {"hash", folder / "whole.h5"}).out;
  int killed = 0;
  const std::pair<int, std::size_t> rounds[] = {{SIGKILL, 1}, {SIGKILL, 6}, {SIGKILL, 12}, {SIGINT, 4}, {SIGTERM, 4}};
  for (const auto& [signal, after] : rounds) {
    const std::string x = folder / ("x" + std::to_string(signal) + std::to_string(after) + ".h5");
    const pid_t child = start(folder, {"run", folder / "s.toml", "-o", x, "--threads", "2"});
    for (int i = 0; i < 20'000 && chunks_in(x + ".parts") < after && !std::filesystem::exists(x); ++i) {
      std::this_thread::sleep_for(std::chrono::microseconds(500));
    }
    ::kill(child, signal);
    const Ended ended = wait(folder, child);
    if (ended.code == 0) continue;  // it was quicker than the signal
    ++killed;
    if (signal != SIGKILL) {
      CHECK(ended.code == 128 + signal);
      CHECK(ended.err.find("--resume") != std::string::npos);
    }
    CHECK(call(folder, {"show", x}).out.find("unfinished") != std::string::npos);
    CHECK(call(folder, {"hash", x}).code == 3);
    CHECK(call(folder, {"run", folder / "s.toml", "-o", x}).code == 2);
    CHECK(call(folder, {"run", folder / "s.toml", "-o", x, "--resume", "--quiet"}).code == 0);
    CHECK(call(folder, {"hash", x}).out == hash);
    CHECK_FALSE(std::filesystem::exists(x + ".parts"));
  }
  CHECK(killed >= 2);
}

TEST_SUITE_END();

TEST_CASE("products lists the products and prints the page of one, for the label of a day") {
  const Folder folder;
  CHECK(call(folder, {"products"}).out.find("tisagenlecleucel") != std::string::npos);
  CHECK(nlohmann::json::parse(call(folder, {"products", "--json"}).out).size() == 7);
  const Ended page = call(folder, {"products", "tisa-cel", "--date", "2018-01-01"});
  CHECK(page.code == 0);
  CHECK(page.out.find("US label in force on 2018-01-01: 2017-08") != std::string::npos);
  CHECK(nlohmann::json::parse(call(folder, {"products", "kymriah", "--json"}).out)["labels"].size() >= 5);
  CHECK(call(folder, {"products", "kymriax"}).code == 2);
  const Ended date = call(folder, {"products", "--date", "2018-13-01"});
  CHECK(date.code == 2);
  CHECK(date.err == "carina: --date = \"2018-13-01\": must be a day of the calendar such as 2018-05-01\n");
}

TEST_CASE("eligible and dose end with 0 for yes and for no, and with 2 for bad input") {
  const Folder folder;
  write(folder / "patient.toml",
        "patient = 1\nage = \"12 year\"\nweight = \"38 kg\"\ndisease = \"b_all\"\n[status]\nrefractory = false\nrelapses = "
        "2\n");
  const std::string patient = folder / "patient.toml";
  const Ended yes = call(folder, {"eligible", "--product", "kymriah", "--patient", patient, "--date", "2018-01-01"});
  CHECK(yes.code == 0);
  CHECK(yes.out.find("yes: Kymriah (tisagenlecleucel), US label 2017-08") != std::string::npos);
  const Ended no =
      call(folder, {"eligible", "--product", "yescarta", "--patient", patient, "--date", "2017-01-01", "--json"});
  CHECK(no.code == 0);
  CHECK(nlohmann::json::parse(no.out)["answer"] == "no");
  CHECK(call(folder, {"eligible", "--patient", "nowhere.toml"}).code == 2);
  const Ended dose = call(folder, {"dose", "--product", "kymriah", "--patient", patient, "--json"});
  CHECK(dose.code == 0);
  CHECK(nlohmann::json::parse(dose.out)["low"].get<double>() == doctest::Approx(7.6e6));
  const Ended wins = call(folder, {"dose", "--product", "kymriah", "--patient", patient, "--weight", "60 kg"});
  CHECK(wins.out.find("dose: 10 to 250 million CAR-positive viable T cells") != std::string::npos);
  const Ended bad =
      call(folder, {"dose", "--product", "kymriah", "--indication", "b_all", "--weight", "38", "--age", "12 kg"});
  CHECK(bad.code == 2);
  CHECK(bad.err ==
        "carina: --age = \"12 kg\": has unit kg, but must have unit year\n"
        "carina: --weight = \"38\": has no unit (such as \"38 kg\")\n");
}

TEST_CASE("check reads products and patients too, and writes a patient out with every word in its one form") {
  const Folder folder;
  const std::string product = std::string(CARINA_SOURCE_TREE) + "/products/tisagenlecleucel.toml";
  CHECK(call(folder, {"check", product}).out == "ok\n");
  CHECK(call(folder, {"check", product, "--resolved"}).out.find("US label 2022-05, from 2022-05-27") != std::string::npos);
  write(folder / "patient.toml", "patient = 1\nage = \"144 months\"\ndisease = \"B-ALL\"\n");
  CHECK(call(folder, {"check", folder / "patient.toml"}).out == "ok\n");
  const Ended resolved = call(folder, {"check", "--resolved", folder / "patient.toml"});
  CHECK(resolved.out.find("age = \"12 year\"\n") != std::string::npos);
  CHECK(resolved.out.find("disease = \"b_all\"\n") != std::string::npos);
  write(folder / "again.toml", resolved.out);
  CHECK(call(folder, {"check", "--resolved", folder / "again.toml"}).out == resolved.out);
}
