#include <cmath>
#include <nlohmann/json.hpp>

#include "trial/impl/shape.h"
#include "trial/page.h"
#include "trial/published.h"

namespace carina::trial {
namespace {

using Json = nlohmann::ordered_json;
using impl::Need;

// JSON has no NaN and no infinity.
Json finite(double value) { return std::isfinite(value) ? Json(value) : Json(nullptr); }

void add_provenance(Json& json, const Provenance& of) {
  json.update({{"source", of.source}, {"assumed", of.assumed}, {"recalled", of.recalled}, {"note", of.note}});
}

// Quantities are objects with the text, the value and the unit that the value is in.
class JsonWriter {
 public:
  explicit JsonWriter(Json& json) : json_(&json) {}

  void text(const char* key, const std::string& value, Need) { (*json_)[key] = value; }
  void word(const char* key, const std::string& value, const std::vector<std::string>&, Need) { (*json_)[key] = value; }
  template <class Enum>
  void choice(const char* key, Enum value, const std::vector<std::string>& words, Need) {
    (*json_)[key] = words[static_cast<std::size_t>(value)];
  }
  void flag(const char* key, bool value) { (*json_)[key] = value; }
  void maybe_flag(const char* key, std::optional<bool> value) { maybe(key, value); }
  void whole(const char* key, std::uint64_t value) { (*json_)[key] = value; }
  void maybe_whole(const char* key, std::optional<std::uint64_t> value) { maybe(key, value); }
  void number(const char* key, double value) { (*json_)[key] = value; }
  void maybe_number(const char* key, std::optional<double> value) { maybe(key, value); }
  void quantity(const char* key, const Quantity& value, const std::string& unit) { (*json_)[key] = made(value, unit); }
  void maybe_quantity(const char* key, const std::optional<Quantity>& value, const std::string& unit) {
    (*json_)[key] = value ? made(*value, unit) : Json(nullptr);
  }
  void quantities(const char* key, const std::vector<Quantity>& values, const std::string& unit) {
    (*json_)[key] = Json::array();
    for (const Quantity& value : values) (*json_)[key].push_back(made(value, unit));
  }
  void texts(const char* key, const std::vector<std::string>& values) { (*json_)[key] = values; }
  void stated(const char* key, const std::optional<Stated>& value, const std::string& unit, Need) {
    (*json_)[key] = value ? made(value->value, unit) : Json(nullptr);
    if (value) add_provenance((*json_)[key], value->of);
  }
  void named(const char* key, const std::optional<Named>& value, const std::vector<std::string>&, Need) {
    (*json_)[key] = value ? Json{{"name", value->name}} : Json(nullptr);
    if (value) add_provenance((*json_)[key], value->of);
  }
  template <class T, class Shape>
  void table(const char* key, const T& value, Shape shape) {
    Json inner = Json::object();
    JsonWriter writer(inner);
    shape(writer, value);
    (*json_)[key] = std::move(inner);
  }
  template <class T, class Shape>
  void table(const char* key, const std::optional<T>& value, Shape shape) {
    if (value)
      table(key, *value, shape);
    else
      (*json_)[key] = nullptr;
  }
  template <class T, class Shape>
  void list(const char* key, const std::vector<T>& values, Shape shape) {
    Json array = Json::array();
    for (const T& value : values) {
      Json inner = Json::object();
      JsonWriter writer(inner);
      shape(writer, value);
      array.push_back(std::move(inner));
    }
    (*json_)[key] = std::move(array);
  }
  template <class T, class Shape>
  void keyed(const char* key, const std::vector<T>& values, Shape shape) {
    (*json_)[key] = Json::object();
    JsonWriter inner((*json_)[key]);
    for (const T& value : values) inner.table(value.key.c_str(), value, shape);
  }

 private:
  template <class T>
  void maybe(const char* key, const std::optional<T>& value) {
    (*json_)[key] = value ? Json(*value) : Json(nullptr);
  }
  static Json made(const Quantity& q, const std::string& unit) {
    return {{"text", q.text}, {"value", q.value}, {"unit", unit}};
  }

  Json* json_;
};

}  // namespace

std::string page_json(const Trial& trial) {
  Json json = {{"name", trial.name}, {"file", trial.file}};
  JsonWriter writer(json);
  impl::shape_trial(writer, trial);
  for (std::size_t i = 0; i < trial.figures.size(); ++i) {
    const Sampling s = sampling(trial.figures[i]);
    json["figure"][i]["counted"] = trial.figures[i].counted();
    json["figure"][i]["sampling"] = {{"basis", name(s.basis)},
                                     {"error", finite(s.error)},
                                     {"low", finite(s.interval.low)},
                                     {"high", finite(s.interval.high)}};
  }
  const FigureCounts counts = count_figures(trial);
  json["figures_by_role"] = {{"calibrate", counts.calibrate},
                             {"check", counts.check},
                             {"overlapped", counts.overlapped},
                             {"recalled", counts.recalled}};
  return json.dump(2, ' ', false, Json::error_handler_t::replace);
}

}  // namespace carina::trial
