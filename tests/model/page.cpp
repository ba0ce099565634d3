#include "model/page.h"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>
#include <string>

#include "model/library.h"
#include "model/read.h"

using namespace carina;

namespace {

model::Model small_model() {
  return model::read_model_text(R"(model = 1
title = "Loss"
status = "partial"
status_note = "Half of it."
erratum = "The paper prints a plus."
summary = "Cells are lost."
time = "day"
[sources]
us = { cite = "made up" }
[parameters]
k = { value = 0.5, unit = "1/day", range = [0, 1], varies = { as = "log-normal", sd = 0.2 }, source = "us", about = "loss" }
m = { value = 2, unit = "1", source = "us Table 2", about = "other" }
[states]
x = { unit = "cell", start = "m*1e6 'cell'", rate = "-k*x", scale = 1, about = "cells" }
[outputs]
y = { is = "in(x, 'cell')^0.3", unit = "1" }
[[event]]
name = "wash"
at = "5 'day'"
set = { x = "x/2" }
[[check]]
of = "x"
at = "0, 1 day"
value = [2e6, 1.2e-6]
unit = "cell"
source = "us"
)",
                                "loss.toml");
}

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("the manual page says everything that is in the file") {
  const std::string page = model::page_text(small_model());
  CHECK(page == R"(loss - Loss
1 state, 2 parameters, time in day

Cells are lost.

Status: partial. Half of it.

Erratum: The paper prints a plus.

Equations
  dx/dt = -k*x  cell, cells; x(0) = m*1e6 'cell'

Events
  at 5 'day': x becomes x/2  wash

Outputs
  y = in(x, 'cell')^0.3

Parameters
  name  value  unit   range   between individuals       meaning  source
  k     0.5    1/day  0 to 1  log-normal, SD of ln 0.2  loss     us
  m     2      1                                        other    us Table 2

Checked against
  what  time      expected     unit  within      source
  x     0, 1 day  2e6, 1.2e-6  cell  as printed  us

Where units are put aside
  in            term  taken in
  outputs.y.is  x     cell

Sources
  us: made up
)");
}

TEST_CASE("lines of the page keep to the width that is asked for") {
  auto m = small_model();
  m.summary = "word word word word word word word word word word word word word word word word word word word word";
  m.states[0].rate_text = "-k*x + k*x - k*x + k*x - k*x + k*x - k*x + k*x - k*x + k*x - k*x + k*x - k*x + k*x - k*x";
  const std::string page = model::page_text(m, 60);
  std::size_t begin = 0;
  for (std::size_t end = page.find('\n'); end != std::string::npos; begin = end + 1, end = page.find('\n', begin)) {
    const std::string line = page.substr(begin, end - begin);
    if (has(line, "word") || has(line, "k*x")) CHECK(line.size() <= 60);
  }
}

TEST_CASE("the Markdown page has headings, tables and code") {
  const std::string page = model::page_markdown(small_model());
  CHECK(page.starts_with("# loss: Loss\n"));
  CHECK(has(page, "## Parameters\n"));
  CHECK(has(page, "| `dx/dt` | `-k*x` | cell, cells; x(0) = m\\*1e6 'cell' |"));
  CHECK(has(page, "| `k` | 0.5 | 1/day | 0 to 1 | log-normal, SD of ln 0.2 | loss | us |"));
}

TEST_CASE("the JSON page carries the numbers") {
  const auto json = nlohmann::json::parse(model::page_json(small_model()));
  CHECK(json["name"] == "loss");
  CHECK(json["status"] == "partial");
  CHECK(json["parameters"][0]["value"] == 0.5);
  CHECK(json["parameters"][0]["varies"]["sd"] == 0.2);
  CHECK(json["parameters"][1]["high"].is_null());
  CHECK(json["states"][0]["rate"] == "-k*x");
  CHECK(json["checks"].size() == 2);
  CHECK(json["units_put_aside"][0]["unit"] == "cell");
}

TEST_CASE("models are found by name, with the variant after a colon") {
  const std::string folder = std::string(CARINA_SOURCE_TREE) + "/models";
  const auto list = model::list_models({folder, "/nowhere"});
  CHECK(list.size() >= 2);
  const auto choice = model::find_model("stein_2019:variances", {folder});
  CHECK(choice.path == folder + "/stein_2019.toml");
  CHECK(choice.variant == "variances");
  CHECK(model::find_model("my/own.toml", {folder}).path == "my/own.toml");
  CHECK_THROWS_WITH_AS(model::find_model("stien_2019", {folder}),
                       "model.use = \"stien_2019\": is no known model (did you mean \"stein_2019\"?)", InputError);
}
