#include "figures/impl/axis.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace carina::figures::impl {
namespace {

double round_step(double rough) {
  const double power = std::pow(10, std::floor(std::log10(rough)));
  const double lead = rough / power;
  return power * (lead <= 1 ? 1 : lead <= 2 ? 2 : lead <= 5 ? 5 : 10);
}

// Weeks and months read better than tens on an axis of days.
double time_like_step(double span, int wanted) {
  for (const double step : {1.0, 2.0, 7.0, 14.0, 30.0, 60.0, 90.0, 180.0, 365.0}) {
    if (span / step <= wanted) return step;
  }
  return round_step(span / wanted);
}

}  // namespace

std::vector<double> linear_ticks(double low, double high, int wanted) {
  const double span = high - low;
  if (!(span > 0)) return {low};
  const double step =
      span >= 14 && span <= 3700 && wanted < 0 ? time_like_step(span, -wanted) : round_step(span / std::abs(wanted));
  std::vector<double> ticks;
  for (double k = std::ceil(low / step - 1e-9); k * step <= high + 1e-9 * span; ++k) ticks.push_back(k * step);
  return ticks;
}

std::vector<double> log_ticks(double low, double high, int most) {
  const int first = static_cast<int>(std::ceil(std::log10(low) - 1e-9)),
            last = static_cast<int>(std::floor(std::log10(high) + 1e-9));
  const int step = std::max(1, (last - first + most) / most);
  std::vector<double> ticks;
  for (int decade = first; decade <= last; ++decade) {
    if ((decade - first) % step == 0) ticks.push_back(std::pow(10, decade));
  }
  return ticks;
}

Range linear_range(double low, double high) {
  if (!(high > low)) return {low - 1, high + 1};
  const double room = 0.04 * (high - low);
  return {low >= 0 && low < 0.5 * high ? 0 : low - room, high + room};
}

Range log_range(double low, double high) {
  Range range{std::pow(10, std::floor(std::log10(low))), std::pow(10, std::ceil(std::log10(high)))};
  if (range.low * 3 <= low) range.low *= 3;
  if (range.high / 3 >= high) range.high /= 3;
  if (range.high <= range.low) range.high = range.low * 10;
  return range;
}

std::string number(double value, int digits) {
  if (std::isnan(value)) return "–";
  if (value == 0) return "0";
  const double size = std::fabs(value);
  if (size >= 1e7 || size < 1e-4) {
    std::string text = fmt::format("{:.{}e}", value, digits - 1);
    const std::size_t e = text.find('e');
    std::string mantissa = text.substr(0, e);
    if (mantissa.find('.') != std::string::npos) {
      mantissa.erase(mantissa.find_last_not_of('0') + 1);
      if (mantissa.back() == '.') mantissa.pop_back();
    }
    return mantissa + "e" + std::to_string(std::stoi(text.substr(e + 1)));
  }
  const int decimals = std::max(0, digits - 1 - static_cast<int>(std::floor(std::log10(size))));
  const double power = std::pow(10, digits - 1 - static_cast<int>(std::floor(std::log10(size))));
  const double rounded = decimals == 0 ? std::round(value * power) / power : value;
  std::string text = fmt::format("{:.{}f}", rounded, decimals);
  if (text.find('.') != std::string::npos) {
    text.erase(text.find_last_not_of('0') + 1);
    if (text.back() == '.') text.pop_back();
  }
  const std::size_t point = std::min(text.find('.'), text.size());
  const std::size_t sign = value < 0 ? 1 : 0;
  for (std::size_t at = point; at > 3 + sign;) text.insert(at -= 3, ",");
  return text;
}

std::string unit_text(const std::string& unit) {
  if (unit == "1") return {};
  std::string text = unit;
  const auto replace = [&](const std::string& from, const std::string& to) {
    for (std::size_t at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size())) {
      const bool begins = at == 0 || !std::isalpha(static_cast<unsigned char>(text[at - 1]));
      const std::size_t end = at + from.size();
      const bool ends = end == text.size() || !std::isalpha(static_cast<unsigned char>(text[end]));
      if (begins && ends) text.replace(at, from.size(), to);
    }
  };
  replace("ug", "µg");
  replace("uL", "µL");
  replace("um", "µm");
  for (std::size_t at = text.find("^2"); at != std::string::npos; at = text.find("^2")) text.replace(at, 2, "²");
  for (std::size_t at = text.find("^3"); at != std::string::npos; at = text.find("^3")) text.replace(at, 2, "³");
  std::replace(text.begin(), text.end(), '*', ' ');
  return text;
}

std::string plural(const std::string& unit, double count) {
  const bool word =
      unit == "day" || unit == "hour" || unit == "week" || unit == "month" || unit == "year" || unit == "minute";
  return number(count, 6) + " " + unit + (word && count != 1 ? "s" : "");
}

}  // namespace carina::figures::impl
