#include "product/impl/phrases.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/names.h"
#include "base/quantity.h"
#include "product/eligible.h"

namespace carina::product::impl {
namespace {

// Four digits are more than any label has.
std::string short_number(double value) { return fmt::format("{:.4g}", value); }

std::string whole(double value, const std::string& noun) {
  return short_number(value) + " " + noun + (value == 1 ? "" : "s");
}

bool is_plain_time(const std::string& unit) {
  return unit == "minute" || unit == "hour" || unit == "day" || unit == "week" || unit == "month";
}

}  // namespace

std::string mark(const Origin& origin) { return origin.recalled ? " [recalled]" : ""; }

std::string millions(double cells) { return short_number(cells / 1e6) + " million"; }

std::string millions(double low, double high) {
  return low == high ? millions(low) : short_number(low / 1e6) + " to " + millions(high);
}

std::string days_text(double days) {
  if (days >= 14 && std::fmod(days, 7) == 0) return whole(days / 7, "week");
  return whole(days, "day");
}

std::string band_phrase(const Dose& dose) {
  std::vector<std::string> parts;
  if (dose.weight_above) parts.push_back("above " + short_number(*dose.weight_above) + " kg");
  if (dose.weight_through) parts.push_back("up to and including " + short_number(*dose.weight_through) + " kg");
  if (dose.blasts_above) parts.push_back("more than " + short_number(*dose.blasts_above) + " % blasts in the marrow");
  if (dose.blasts_through) {
    parts.push_back("up to and including " + short_number(*dose.blasts_through) + " % blasts in the marrow");
  }
  return joined(parts);
}

std::string parts_phrase(const Dose& dose) {
  std::string text;
  for (const DosePart& part : dose.parts) {
    text += (text.empty() ? "" : ", then ") + millions(part.cells) + " on day " + short_number(part.day);
    if (part.within > 0) {
      text += " (day " + short_number(part.day - part.within) + " to " + short_number(part.day + part.within) + ")";
    }
  }
  return text;
}

std::string dose_phrase(const Product& product, const Dose& dose) {
  std::string text = band_phrase(dose);
  if (!text.empty()) text += ": ";
  text += millions(dose.low, dose.high) + " " + product.cells;
  if (dose.per_kg) text += " per kg";
  if (dose.cap) text += ", at most " + millions(*dose.cap);
  if (!dose.parts.empty()) text += ", split: " + parts_phrase(dose);
  return text + mark(dose.entry.origin);
}

std::string regimen_phrase(const Lymphodepletion& regimen) {
  std::vector<std::string> drugs;
  for (const Drug& drug : regimen.drugs) {
    std::string text = drug.name + " " + short_number(drug.mg_per_m2) + " mg/m2 a day for " + whole(drug.days, "day");
    if (!drug.on.empty()) {
      std::vector<std::string> days;
      for (const int day : drug.on) days.push_back(std::to_string(-day));
      text += " (" + joined(days) + (drug.on.size() == 1 && drug.on[0] == -1 ? " day" : " days") + " before the infusion)";
    }
    drugs.push_back(text);
  }
  std::string text = joined(drugs);
  if (regimen.alternative) text = "otherwise " + text;
  if (regimen.omit_below) {
    text += "; may be left out when white cells are below " + number_text(*regimen.omit_below) + " per litre within " +
            days_text(regimen.omit_within.value_or(0)) + " before the infusion";
  }
  return text + mark(regimen.entry.origin);
}

std::string window_phrase(const Window& window) {
  const std::string from = window.from == window.to ? "" : short_number(window.from) + " to ";
  return from + whole(window.to, "day") + " after the end of lymphodepletion" + mark(window.entry.origin);
}

std::string monitoring_phrase(const Monitoring& m) {
  std::vector<std::string> parts;
  if (m.certified_site) parts.push_back(*m.certified_site ? "at certified sites only (REMS)" : "no certified site needed");
  if (m.tocilizumab_doses) {
    parts.push_back("at least " + whole(*m.tocilizumab_doses, "dose") + " of tocilizumab on site for each patient");
  }
  if (m.daily_for) parts.push_back("daily visits for at least " + days_text(*m.daily_for));
  if (m.near_for) parts.push_back("near a treatment centre for at least " + days_text(*m.near_for));
  if (m.no_driving) parts.push_back("no driving for at least " + days_text(*m.no_driving));
  return joined(parts) + mark(m.entry.origin);
}

std::string supply_phrase(const Supply& supply) {
  const bool no_unit = supply.unit == "1";
  const bool several = !supply.value || *supply.value != 1 || supply.low || supply.high;
  const std::string unit = no_unit ? "" : " " + supply.unit + (several && is_plain_time(supply.unit) ? "s" : "");
  std::string text;
  if (supply.value) text = number_text(*supply.value) + unit;
  if (supply.low && supply.high) {
    text += (text.empty() ? "" : ", ") + number_text(*supply.low) + " to " + number_text(*supply.high) + unit;
  } else if (supply.low) {
    text += (text.empty() ? "" : ", ") + std::string("at least ") + number_text(*supply.low) + unit;
  } else if (supply.high) {
    text += (text.empty() ? "" : ", ") + std::string("at most ") + number_text(*supply.high) + unit;
  }
  if (!supply.statistic.empty()) text += " (" + supply.statistic + ")";
  if (supply.n) text += ", n " + std::to_string(*supply.n);
  return text + mark(supply.origin);
}

std::string wrapped(const std::string& head, const std::string& text) {
  constexpr std::size_t width = 110;
  std::string out = head, indent(head.size(), ' ');
  std::size_t column = head.size();
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find(' ', at), text.size());
    if (column + 1 + end - at > width && column > head.size()) {
      out += "\n" + indent;
      column = head.size();
    } else if (column > head.size()) {
      out += ' ';
      ++column;
    }
    out += text.substr(at, end - at);
    column += end - at;
    at = end + 1;
  }
  return out + "\n";
}

std::string both_names(const Product& product) { return product.brand + " (" + product.name + ")"; }

}  // namespace carina::product::impl
