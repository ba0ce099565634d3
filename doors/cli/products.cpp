#include <fmt/format.h>

#include <chrono>
#include <ctime>
#include <memory>

#include "base/installation.h"
#include "base/problem.h"
#include "base/quantity.h"
#include "commands.h"
#include "product/library.h"
#include "product/page.h"

namespace carina::cli {
namespace {

struct ProductArguments {
  std::string product, patient, indication, region, date;
  std::string age, weight, blasts, white_cells;
  bool json = false;
};

product::Date today() {
  const std::time_t now = std::chrono::system_clock::to_time_t(std::chrono::system_clock::now());
  std::tm local{};
  ::localtime_r(&now, &local);
  return {local.tm_year + 1900, local.tm_mon + 1, local.tm_mday};
}

product::Date date_of(const ProductArguments& a, Problems& problems) {
  if (a.date.empty()) return today();
  const auto date = product::parse_date(a.date);
  if (!date)
    problems.add({"", 0, 0, "--date", "\"" + a.date + "\"", "must be a day of the calendar such as 2018-05-01", ""});
  return date.value_or(today());
}

std::string region_of(const ProductArguments& a, const product::Patient& patient) {
  if (!a.region.empty()) return a.region;
  return patient.region.empty() ? "US" : patient.region;
}

// What a number on the command line may be.
struct Limits {
  const char* unit;
  double low, high;
};

void take(const std::string& option, const std::string& text, const Limits& limits, std::optional<double>& into,
          Problems& problems) {
  if (text.empty()) return;
  const KnownUnit unit = known_unit(limits.unit);
  Refusal refusal;
  const auto value = parse_quantity(text, unit, refusal);
  const auto number = leading_number(text);
  if (!value) {
    problems.add({"", 0, 0, option, "\"" + text + "\"", refusal.rule, refusal.hint});
  } else if (number->second.empty()) {
    problems.add(
        {"", 0, 0, option, "\"" + text + "\"", "has no unit", "such as \"" + with_unit(*value, limits.unit) + "\""});
  } else if (!(*value >= limits.low && *value <= limits.high)) {
    problems.add({"", 0, 0, option, "\"" + text + "\"",
                  "must be from " + with_unit(limits.low, limits.unit) + " to " + with_unit(limits.high, limits.unit), ""});
  } else {
    into = value;
  }
}

int products(const ProductArguments& a) {
  Problems problems;
  const product::Date date = date_of(a, problems);
  problems.throw_if_any();
  const std::string region = region_of(a, {});
  if (a.product.empty()) {
    const auto all = product::read_products(installed("products"));
    fmt::print("{}", a.json ? product::list_json(all, region, date) + "\n" : product::list_text(all, region, date));
    return done;
  }
  const product::Product one = product::find_product(a.product, installed("products"), "NAME");
  fmt::print("{}", a.json ? product::page_json(one) + "\n" : product::page_text(one, region, date));
  return done;
}

int eligible(const ProductArguments& a) {
  Problems problems;
  const product::Date date = date_of(a, problems);
  problems.throw_if_any();
  const product::Patient patient = product::read_patient(a.patient);
  std::vector<product::Product> all = product::read_products(installed("products"));
  std::string only;
  if (!a.product.empty()) {
    product::Product one = product::find_product(a.product, installed("products"), "--product");
    only = one.name;
    // a file stands for the installed product of its name
    std::erase_if(all, [&](const product::Product& other) { return other.name == only; });
    all.push_back(std::move(one));
  }
  const product::Eligibility result = product::eligibility(patient, all, region_of(a, patient), date, only);
  fmt::print("{}", a.json ? product::eligibility_json(result, patient) + "\n" : product::eligibility_text(result, patient));
  return done;
}

int dose(const ProductArguments& a) {
  Problems problems;
  product::DoseQuestion question;
  question.date = date_of(a, problems);
  if (!a.patient.empty()) question.patient = product::read_patient(a.patient);
  take("--age", a.age, {"year", 0, 120}, question.patient.age, problems);
  take("--weight", a.weight, {"kg", 1, 400}, question.patient.weight, problems);
  take("--marrow-blasts", a.blasts, {"%", 0, 100}, question.patient.marrow_blasts, problems);
  take("--white-cells", a.white_cells, {"cell/L", 0, 1e12}, question.patient.white_cells, problems);
  problems.throw_if_any();
  question.indication = a.indication;
  question.region = region_of(a, question.patient);
  const product::Product one = product::find_product(a.product, installed("products"), "--product");
  const product::DoseAnswer answer = product::labelled_dose(one, question);
  fmt::print("{}", a.json ? product::dose_json(answer, question) + "\n" : product::dose_text(answer, question));
  return done;
}

using Work = int (*)(const ProductArguments&);

CLI::App* command(CLI::App& app, Context& context, const std::shared_ptr<ProductArguments>& a, const char* name, Work work) {
  CLI::App* made = app.add_subcommand(name);
  made->add_option("--date", a->date, "day on which the label is in force, such as 2018-05-01; today when absent");
  made->add_option("--region", a->region, "whose labels: US (the usual), AU");
  made->add_flag("--json", a->json, "print JSON");
  made->callback([&context, a, work] { context.chosen = [a, work] { return work(*a); }; });
  return made;
}

}  // namespace

void add_products(CLI::App& app, Context& context) {
  const auto a = std::make_shared<ProductArguments>();
  CLI::App* made = command(app, context, a, "products", products);
  made->description("list the CAR T products, or print the page of one");
  made->add_option("NAME", a->product, "generic name, brand or alias, or a file that ends in .toml");

  made = command(app, context, a, "eligible", eligible);
  made->description("whether a label fits a patient, rule by rule; without --product every label");
  made->add_option("--product", a->product, "generic name, brand or alias, or a file that ends in .toml");
  made->add_option("--patient", a->patient, "patient file")->required();

  made = command(app, context, a, "dose", dose);
  made->description("the dose that a label allows, with what goes before it");
  made->add_option("--product", a->product, "generic name, brand or alias, or a file that ends in .toml")->required();
  made->add_option("--indication", a->indication, "indication or disease; carina products NAME lists them");
  made->add_option("--patient", a->patient, "patient file, for what the options below do not say");
  made->add_option("--weight", a->weight, "weight, such as \"38 kg\"");
  made->add_option("--age", a->age, "age, such as \"12 year\"");
  made->add_option("--marrow-blasts", a->blasts, "blasts in the marrow, such as \"35 %\"");
  made->add_option("--white-cells", a->white_cells, "white cells, such as \"0.8e9 cell/L\"");
}

}  // namespace carina::cli
