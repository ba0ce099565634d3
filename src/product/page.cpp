#include "product/page.h"

#include <fmt/format.h>

#include <algorithm>

#include "product/impl/phrases.h"

namespace carina::product {
namespace {

using namespace impl;

std::string names_in_force(const Product& product, const std::string& region, const Date& date) {
  const auto label = label_on(product, region, date);
  if (!label) return "not approved";
  std::vector<std::string> names;
  for (const Indication* indication : label->indications) {
    names.push_back(indication->name + mark(indication->entry.origin));
  }
  return joined(names);
}

std::string trait(const Product& product, const std::string& name) {
  for (const Trait& trait : product.traits) {
    if (trait.name == name) return trait.is + mark(trait.origin);
  }
  return {};
}

std::string indication_text(const Label& label, const Indication& indication) {
  const Product& product = *label.product;
  std::string out =
      wrapped("  " + indication.name + ": ",
              indication.says + (indication.accelerated ? " (accelerated approval)" : "") + mark(indication.entry.origin));
  for (const Rule& rule : indication.rules) {
    if (still_holds(label, rule)) out += wrapped("    asks        ", rule.says + mark(rule.origin));
  }
  for (const Rule& rule : indication.exclusions) {
    if (still_holds(label, rule)) out += wrapped("    limitation  ", rule.says + mark(rule.origin));
  }
  for (const Dose* dose : label.doses) {
    if (!is_for(dose->entry, indication.name)) continue;
    out += wrapped("    dose        ", dose_phrase(product, *dose));
    for (const std::string& rule : dose->later_parts) out += wrapped("                ", rule + mark(dose->entry.origin));
  }
  for (const Lymphodepletion* regimen : label.lymphodepletions) {
    if (is_for(regimen->entry, indication.name)) out += wrapped("    before      ", regimen_phrase(*regimen));
  }
  for (const Window* window : label.windows) {
    if (is_for(window->entry, indication.name)) out += wrapped("    infusion    ", window_phrase(*window));
  }
  return out + wrapped("    source      ", origin_text(product, indication.entry.origin));
}

std::string label_text(const Label& label) {
  std::string out;
  for (const Indication* indication : label.indications) out += indication_text(label, *indication);
  std::vector<std::string> delays;
  for (const Delay* delay : label.delays) delays.push_back(delay->says + mark(delay->entry.origin));
  if (!delays.empty()) out += wrapped("  infusion waits for the end of: ", joined(delays));
  for (const Monitoring* monitoring : label.monitorings) {
    const std::vector<std::string>& whose = monitoring->entry.indications;
    out +=
        wrapped("  afterwards" + (whose.empty() ? "" : " (" + joined(whose) + ")") + ": ", monitoring_phrase(*monitoring));
  }
  for (const BoxedWarning* boxed : label.boxed) {
    out += wrapped("  boxed warning: ", joined(boxed->warnings) + mark(boxed->entry.origin));
  }
  return out;
}

std::string head_text(const Product& product) {
  std::string out = product.name + " (" + product.brand + ")" + (product.maker.empty() ? "" : ", " + product.maker) + "\n";
  if (!product.aliases.empty()) out += "also called " + joined(product.aliases) + "\n";
  out += "\nconstruct and composition\n";
  std::size_t width = 0;
  for (const Trait& trait : product.traits) width = std::max(width, trait.name.size());
  for (const Trait& trait : product.traits) {
    out += wrapped(fmt::format("  {:<{}}  ", trait.name, width), trait.is + mark(trait.origin));
  }
  out += "\nversions of the label\n";
  for (const Version& version : product.versions) {
    out += wrapped(fmt::format("  {} {:<10} from {}  ", version.region, version.name, date_text(version.from)),
                   version.about + mark(version.origin));
  }
  return out;
}

std::string model_text(const Product& product) {
  if (product.model.empty()) return {};
  std::string out = "\nbrings to the reference patient\n";
  std::size_t width = 0;
  for (const Brings& one : product.model) width = std::max(width, one.parameter.size());
  for (const Brings& one : product.model) {
    const std::string why = one.assumed ? "assumed: " + one.origin.note : origin_text(product, one.origin);
    out += wrapped(fmt::format("  {:<{}}  ", one.parameter, width), one.value + "; " + why);
  }
  return out;
}

std::string tail_text(const Product& product) {
  std::string out = model_text(product) + "\nsupply\n";
  for (const Supply& supply : product.supply) {
    const auto word = std::find_if(supply_words().begin(), supply_words().end(),
                                   [&](const SupplyWord& one) { return one.name == supply.what; });
    out += wrapped("  ", word->title + ", " + supply.setting + ": " + supply_phrase(supply));
  }
  if (product.supply.empty()) out += "  nothing is known to carina\n";
  out += "\nsources\n";
  std::size_t width = 0;
  for (const Source& source : product.sources) width = std::max(width, source.key.size());
  for (const Source& source : product.sources) {
    out +=
        wrapped(fmt::format("  {:<{}}  ", source.key, width), source.cite + (source.note.empty() ? "" : ". " + source.note));
  }
  return out + "\n[recalled]: from memory; the source was not seen to say so\n";
}

}  // namespace

const char* const who_decides = "A treatment centre decides: carina is research software and no medical device.";

std::string list_text(const std::vector<Product>& products, const std::string& region, const Date& date) {
  std::string out;
  for (const Product& product : products) {
    out += fmt::format("{:<27} {:<9} {:<5} {:<16} {}\n", product.name, product.brand, trait(product, "target"),
                       trait(product, "costimulation"), names_in_force(product, region, date));
  }
  return out + fmt::format("\nindications of the {} labels in force on {}\n", region, date_text(date));
}

std::string page_text(const Product& product, const std::string& region, const Date& date) {
  std::string out = head_text(product);
  const auto label = label_on(product, region, date);
  if (label) {
    out +=
        fmt::format("\n{} label in force on {}: {}\n", region, date_text(date), label->version->name) + label_text(*label);
  } else {
    out += fmt::format("\nno {} label was in force on {}\n", region, date_text(date));
  }
  return out + tail_text(product);
}

std::string page_text(const Product& product) {
  std::string out = head_text(product);
  for (const Version& version : product.versions) {
    out += fmt::format("\n{} label {}, from {}\n", version.region, version.name, date_text(version.from));
    out += label_text(label_of(product, version));
  }
  return out + tail_text(product);
}

}  // namespace carina::product
