#include "product/patient.h"

#include <algorithm>

#include "base/names.h"
#include "product/impl/reader.h"
#include "product/vocabulary.h"

namespace carina::product {
namespace {

const KnownUnit& unit(const std::string& text) {
  static const std::vector<KnownUnit> units = {known_unit("year"), known_unit("kg"), known_unit("month"), known_unit("%"),
                                               known_unit("cell/L")};
  return *std::find_if(units.begin(), units.end(), [&](const KnownUnit& one) { return one.text == text; });
}

// A quantity with its unit, in [low, high] of that unit.
std::optional<double> measured(Section& section, std::string_view key, const KnownUnit& unit, double low, double high) {
  const auto value = quantity(section, key, unit, Bare::Refused);
  if (!value) return std::nullopt;
  if (value->value >= low && value->value <= high) return value->value;
  section.problem(key, "must be from " + with_unit(low, unit.text) + " to " + with_unit(high, unit.text));
  return std::nullopt;
}

std::optional<int> counted(Section& section, std::string_view key, int most) {
  const auto value = section.whole(key, 0);
  if (!value) return std::nullopt;
  if (*value <= static_cast<std::uint64_t>(most)) return static_cast<int>(*value);
  section.problem(key, "must be from 0 to " + std::to_string(most));
  return std::nullopt;
}

std::optional<std::vector<std::string>> words(Section& section, std::string_view key) {
  const auto texts = section.texts(key);
  if (!texts) return std::nullopt;
  std::vector<std::string> list;
  for (std::size_t i = 0; i < texts->size(); ++i) {
    const Term* found = find_term(treatments(), (*texts)[i]);
    if (found != nullptr) {
      list.push_back(found->name);
    } else {
      impl::problem_with(section, key, i, "is no known treatment", did_you_mean((*texts)[i], names_of(treatments())));
    }
  }
  return list;
}

void read_head(Section& root, Patient& patient) {
  const toml::node* kind = root.find("patient");
  if (kind == nullptr) {
    root.reading().problems.add({patient.file, 0, 0, "patient", "", "is missing", "a patient file starts with patient = 1"});
  } else if (kind->value<std::int64_t>() != 1) {
    root.problem("patient", "must be 1, the version of the format");
  }
  patient.title = root.text("title").value_or("");
  patient.region = root.text("region").value_or("");
  patient.age = measured(root, "age", unit("year"), 0, 120);
  patient.weight = measured(root, "weight", unit("kg"), 1, 400);
  if (const auto text = root.text("disease")) {
    const Term* found = find_term(diseases(), *text);
    if (found != nullptr) patient.disease = found->name;
    if (found == nullptr) {
      std::string hint = did_you_mean(*text, names_of(diseases()));
      if (hint.empty()) hint = "docs/products.md lists them; other_blood_cancer is one of them";
      root.problem("disease", "is no known disease", hint);
    }
  }
}

void read_status(Section section, Patient& patient) {
  patient.refractory = section.flag("refractory");
  patient.refractory_to_first_line = section.flag("refractory_to_first_line");
  patient.relapses = counted(section, "relapses", 20);
  patient.relapse_after = measured(section, "relapse_after", unit("month"), 0, 1200);
  patient.lines = counted(section, "lines", 40);
  if (patient.relapse_after && patient.relapses == 0) section.problem("relapse_after", "there is no relapse to be after");
  if (patient.refractory_to_first_line == true && patient.refractory == false && patient.lines == 1) {
    section.problem("refractory_to_first_line", "the first line is the last one, which refractory says is not so");
  }
  section.finish();
}

void read_prior(Section section, Patient& patient) {
  patient.had = words(section, "had");
  patient.refractory_to = words(section, "refractory_to");
  if (const auto texts = section.texts("transplants")) {
    patient.transplants = *texts;
    for (std::size_t i = 0; i < texts->size(); ++i) {
      if ((*texts)[i] == "autologous" || (*texts)[i] == "allogeneic") continue;
      impl::problem_with(section, "transplants", i, "is neither autologous nor allogeneic", "[] is none");
    }
  }
  patient.relapse_after_transplant = section.flag("relapse_after_transplant");
  patient.transplant_eligible = section.flag("transplant_eligible");
  const bool none = patient.transplants && std::find(patient.transplants->begin(), patient.transplants->end(),
                                                     "allogeneic") == patient.transplants->end();
  if (none && patient.relapse_after_transplant == true) {
    section.problem("relapse_after_transplant", "needs \"allogeneic\" among transplants");
  }
  section.finish();
}

void read_now(Section section, Patient& patient) {
  patient.marrow_blasts = measured(section, "marrow_blasts", unit("%"), 0, 100);
  patient.white_cells = measured(section, "white_cells", unit("cell/L"), 0, 1e12);
  patient.ecog = counted(section, "ecog", 4);
  for (const std::string& key : present_keys()) patient.now.push_back({key, section.flag(key)});
  section.finish();
}

// What came with a treatment that it was refractory to was had; what relapsed after a transplant had one.
void complete(Patient& patient) {
  for (const std::string& name : patient.refractory_to.value_or(std::vector<std::string>{})) {
    if (patient.had && std::find(patient.had->begin(), patient.had->end(), name) == patient.had->end()) {
      patient.had->push_back(name);
    }
  }
  const bool first_only = patient.lines == 1 && patient.refractory.has_value();
  if (!patient.refractory_to_first_line && first_only) patient.refractory_to_first_line = patient.refractory;
  const bool no_allogeneic = patient.transplants && std::find(patient.transplants->begin(), patient.transplants->end(),
                                                              "allogeneic") == patient.transplants->end();
  if (no_allogeneic) patient.relapse_after_transplant = false;
}

class Lines {
 public:
  void text(const std::string& key, const std::string& value) { out_ += key + " = \"" + value + "\"\n"; }
  void table(const std::string& name) { out_ += "\n[" + name + "]\n"; }
  void measured(const std::string& key, const std::optional<double>& value, const std::string& unit) {
    value ? text(key, with_unit(*value, unit)) : open(key);
  }
  void counted(const std::string& key, const std::optional<int>& value) {
    value ? plain(key, std::to_string(*value)) : open(key);
  }
  void flag(const std::string& key, const std::optional<bool>& value) {
    value ? plain(key, *value ? "true" : "false") : open(key);
  }
  void list(const std::string& key, const std::optional<std::vector<std::string>>& names) {
    if (!names) return open(key);
    std::string all;
    for (const std::string& name : *names) all += (all.empty() ? "\"" : ", \"") + name + "\"";
    plain(key, "[" + all + "]");
  }
  void open(const std::string& key) { out_ += "# " + key + " is not known\n"; }
  void plain(const std::string& key, const std::string& value) { out_ += key + " = " + value + "\n"; }
  const std::string& all() const { return out_; }

 private:
  std::string out_;
};

std::string escaped(const std::string& text) {
  std::string out;
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c == '\n' || c == '\r' || c == '\t' ? ' ' : c;
  }
  return out;
}

}  // namespace

const std::vector<std::string>& present_keys() {
  static const std::vector<std::string> keys = {"infection", "inflammation", "gvhd", "adverse_event", "worsening"};
  return keys;
}

Patient read_patient(const std::string& path) { return read_patient_text(file_text(path), path); }

Patient read_patient_text(const std::string& text, const std::string& file) {
  const toml::table tables = parse_toml(text, file);
  Reading reading{file, {}};
  Section root(reading, &tables, "");
  Patient patient;
  patient.file = file;
  read_head(root, patient);
  read_status(root.section("status"), patient);
  read_prior(root.section("prior"), patient);
  read_now(root.section("now"), patient);
  root.finish();
  reading.problems.throw_if_any();
  complete(patient);
  return patient;
}

std::string resolved_text(const Patient& patient) {
  Lines lines;
  lines.plain("patient", "1");
  if (!patient.title.empty()) lines.text("title", escaped(patient.title));
  lines.text("region", patient.region.empty() ? "US" : escaped(patient.region));
  lines.measured("age", patient.age, "year");
  lines.measured("weight", patient.weight, "kg");
  patient.disease ? lines.text("disease", *patient.disease) : lines.open("disease");
  lines.table("status");
  lines.flag("refractory", patient.refractory);
  lines.flag("refractory_to_first_line", patient.refractory_to_first_line);
  lines.counted("relapses", patient.relapses);
  lines.measured("relapse_after", patient.relapse_after, "month");
  lines.counted("lines", patient.lines);
  lines.table("prior");
  lines.list("had", patient.had);
  lines.list("refractory_to", patient.refractory_to);
  lines.list("transplants", patient.transplants);
  lines.flag("relapse_after_transplant", patient.relapse_after_transplant);
  lines.flag("transplant_eligible", patient.transplant_eligible);
  lines.table("now");
  lines.measured("marrow_blasts", patient.marrow_blasts, "%");
  lines.measured("white_cells", patient.white_cells, "cell/L");
  lines.counted("ecog", patient.ecog);
  for (const Present& present : patient.now) lines.flag(present.key, present.yes);
  return lines.all();
}

}  // namespace carina::product
