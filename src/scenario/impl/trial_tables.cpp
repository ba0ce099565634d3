#include "scenario/impl/trial_tables.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "base/hash.h"
#include "base/installation.h"
#include "scenario/impl/tables.h"
#include "scenario/impl/trial_courses.h"
#include "therapy/response.h"
#include "trial/scales.h"
#include "trial/subject.h"
#include "trial/words.h"

namespace carina::scenario::impl {
namespace {

using record::Role;
using record::Table;
using trial::PatientRow;
using Doubles = std::vector<double>;
using Bytes = std::vector<std::uint8_t>;
using Integers = std::vector<std::int64_t>;
using Texts = std::vector<std::string>;

struct Number {
  const char* name;
  const char* unit;
  const char* about;
  double (*value)(const PatientRow&);
};

double yes(bool is) { return is ? 1 : 0; }

// One place for every number of a patient that is kept.
constexpr std::array<Number, 59> numbers = {{
    {"age", "year", "age at enrolment", [](const PatientRow& r) { return r.age; }},
    {"weight", "kg", "body weight", [](const PatientRow& r) { return r.weight; }},
    {"lymphocytes", "cell/uL", "lymphocytes at enrolment", [](const PatientRow& r) { return r.lymphocytes; }},
    {"burden", "cell", "tumour cells at enrolment", [](const PatientRow& r) { return r.burden; }},
    {"burden_infused", "cell", "tumour cells at infusion, had there been no lymphodepletion",
     [](const PatientRow& r) { return r.burden_infused; }},
    {"enrolled", "day", "day of enrolment in the study's calendar", [](const PatientRow& r) { return r.enrolled; }},
    {"wait", "day", "from enrolment to infusion or leaving", [](const PatientRow& r) { return r.wait; }},
    {"cells", "cell", "CAR+ viable T cells infused", [](const PatientRow& r) { return r.cells; }},
    {"second_cells", "cell", "the same of the second part of a split dose; 0: stopped or not in time",
     [](const PatientRow& r) { return r.second_cells; }},
    {"second_infusion", "day", "second infusion, of cells that were kept",
     [](const PatientRow& r) { return r.second_infusion; }},
    {"out_of_specification", "1", "1: the product was out of specification",
     [](const PatientRow& r) { return yes(r.out_of_specification); }},
    {"cut", "day", "data cut, days since infusion", [](const PatientRow& r) { return r.cut; }},
    {"response_at", "day", "first visit in response", [](const PatientRow& r) { return r.outcome.response_at; }},
    {"best_change", "%", "lowest change of the disease's measure from baseline",
     [](const PatientRow& r) { return r.outcome.best_change; }},
    {"relapse", "day", "first visit that saw relapse or progression", [](const PatientRow& r) { return r.relapse; }},
    {"transplant", "day", "transplant in remission", [](const PatientRow& r) { return r.transplant; }},
    {"death_day", "day", "death, by the cut; days since infusion, or since enrolment if never infused",
     [](const PatientRow& r) { return r.death_day; }},
    {"dor", "day", "duration of response", [](const PatientRow& r) { return r.outcome.dor.time; }},
    {"dor_event", "1", "1: ended by an event; 0: censored", [](const PatientRow& r) { return yes(r.outcome.dor.event); }},
    {"rfs", "day", "relapse-free survival", [](const PatientRow& r) { return r.outcome.rfs.time; }},
    {"rfs_event", "1", "1: ended by an event; 0: censored", [](const PatientRow& r) { return yes(r.outcome.rfs.event); }},
    {"efs", "day", "event-free survival", [](const PatientRow& r) { return r.outcome.efs.time; }},
    {"efs_event", "1", "1: ended by an event; 0: censored", [](const PatientRow& r) { return yes(r.outcome.efs.event); }},
    {"pfs", "day", "progression-free survival", [](const PatientRow& r) { return r.outcome.pfs.time; }},
    {"pfs_event", "1", "1: ended by an event; 0: censored", [](const PatientRow& r) { return yes(r.outcome.pfs.event); }},
    {"os", "day", "overall survival", [](const PatientRow& r) { return r.outcome.os.time; }},
    {"os_event", "1", "1: ended by an event; 0: censored", [](const PatientRow& r) { return yes(r.outcome.os.event); }},
    {"aplasia", "day", "duration of B-cell aplasia", [](const PatientRow& r) { return r.outcome.aplasia.time; }},
    {"aplasia_event", "1", "1: ended by an event; 0: censored",
     [](const PatientRow& r) { return yes(r.outcome.aplasia.event); }},
    {"crs_grade", "1", "highest grade of cytokine release on the trial's scale; 0: none",
     [](const PatientRow& r) { return static_cast<double>(r.crs.highest); }},
    {"crs_onset", "day", "its first day", [](const PatientRow& r) { return r.crs.onset; }},
    {"crs_duration", "day", "days from there to its end", [](const PatientRow& r) { return r.crs.duration(); }},
    {"fever_days", "day", "days with fever", [](const PatientRow& r) { return r.crs.fever_days; }},
    {"icu_days", "day", "days in intensive care", [](const PatientRow& r) { return r.crs.icu_days; }},
    {"tocilizumab_doses", "1", "doses of tocilizumab",
     [](const PatientRow& r) { return static_cast<double>(r.crs.tocilizumab_doses); }},
    {"steroids", "1", "1: steroids for cytokine release", [](const PatientRow& r) { return yes(r.steroids); }},
    {"peak_il6", "pg/mL", "highest IL-6", [](const PatientRow& r) { return r.peak_il6; }},
    {"neurotoxicity_grade", "1", "highest grade of neurotoxicity; 0: none",
     [](const PatientRow& r) { return static_cast<double>(r.neuro); }},
    {"neurotoxicity_onset", "day", "its first day", [](const PatientRow& r) { return r.neuro_onset; }},
    {"neurotoxicity_duration", "day", "days from there to its end", [](const PatientRow& r) { return r.neuro_duration; }},
    {"lowest_ice", "1", "lowest ICE score, where the trial grades ICANS", [](const PatientRow& r) { return r.lowest_ice; }},
    {"neurological_event_grade", "1", "highest grade of every neurological event, laid to CAR T cells or not; 0: none",
     [](const PatientRow& r) { return static_cast<double>(r.neuro_event); }},
    {"neurological_event_onset", "day", "its first day", [](const PatientRow& r) { return r.neuro_event_onset; }},
    {"neurological_event_duration", "day", "days from there to its end",
     [](const PatientRow& r) { return r.neuro_event_duration; }},
    {"neutrophils_day28", "cell/uL", "neutrophils on day 28", [](const PatientRow& r) { return r.neutrophils28; }},
    {"platelets_day28", "cell/uL", "platelets on day 28", [](const PatientRow& r) { return r.platelets28; }},
    {"infection", "day", "first infection", [](const PatientRow& r) { return r.infection; }},
    {"severe_infection", "day", "first infection of grade 3 or higher",
     [](const PatientRow& r) { return r.severe_infection; }},
    {"febrile_neutropenia", "day", "first fever with few neutrophils that is not laid to cytokine release",
     [](const PatientRow& r) { return r.febrile_neutropenia; }},
    {"low_igg", "day", "immunoglobulin G first below the limit", [](const PatientRow& r) { return r.low_igg; }},
    {"hlh", "day", "haemophagocytosis", [](const PatientRow& r) { return r.hlh; }},
    {"second_malignancy", "day", "second malignancy", [](const PatientRow& r) { return r.second_malignancy; }},
    {"Cmax", "copies/ug", "highest transgene level at a visit", [](const PatientRow& r) { return r.kinetics.cmax; }},
    {"Tmax", "day", "its day", [](const PatientRow& r) { return r.kinetics.tmax; }},
    {"AUC0-28d", "copies day/ug", "area under the transgene level", [](const PatientRow& r) { return r.kinetics.auc28; }},
    {"half_life", "day", "terminal half-life", [](const PatientRow& r) { return r.kinetics.half_life; }},
    {"persistence", "day", "last visit above the limit", [](const PatientRow& r) { return r.kinetics.persistence; }},
    {"marrow_to_blood_day28", "1", "transgene in marrow over blood on day 28",
     [](const PatientRow& r) { return r.kinetics.marrow[0]; }},
    {"failed", "1", "1: the integration failed, no outcome", [](const PatientRow& r) { return yes(r.failed); }},
}};

struct Code {
  const char* name;
  const char* about;
  std::uint8_t (*value)(const PatientRow&);
  std::string (*label)(std::uint8_t);
  std::uint8_t count;
};

constexpr std::array<Code, 4> codes = {{
    {"end", "how the way to infusion ended", [](const PatientRow& r) { return static_cast<std::uint8_t>(r.end); },
     [](std::uint8_t i) { return std::string(therapy::name(static_cast<therapy::PathwayEnd>(i))); }, therapy::pathway_ends},
    {"best_response", "best overall response", [](const PatientRow& r) { return static_cast<std::uint8_t>(r.outcome.best); },
     [](std::uint8_t i) { return std::string(therapy::name(static_cast<therapy::Response>(i))); }, 11},
    {"relapse_antigen", "target antigen at relapse",
     [](const PatientRow& r) { return static_cast<std::uint8_t>(r.outcome.relapse_antigen); },
     [](std::uint8_t i) { return std::string(therapy::name(static_cast<therapy::AntigenClass>(i))); }, 4},
    {"death", "of what the patient died by the cut", [](const PatientRow& r) { return static_cast<std::uint8_t>(r.death); },
     [](std::uint8_t i) { return std::string(trial::name(static_cast<trial::Death>(i))); }, trial::deaths},
}};

Table patients_table() {
  Table table = make_table("patients", "every patient enrolled in every simulated trial", "individual", Role::Rows);
  table.columns.push_back(make_column("individual", "", "number of the patient in the run", Integers{}));
  table.columns.push_back(make_column("replicate", "", "simulated trial, from 1", Integers{}));
  for (const Code& code : codes) {
    record::Column column = make_column(code.name, "", code.about, Bytes{});
    for (std::uint8_t i = 0; i < code.count; ++i) column.labels.push_back(code.label(i));
    table.columns.push_back(std::move(column));
  }
  for (const Number& n : numbers) table.columns.push_back(make_column(n.name, n.unit, n.about, Doubles{}));
  return table;
}

std::string column_of(const trial::Comparison& c) { return c.cv ? c.figure->id + ".cv" : c.figure->id; }

std::string unit_of(const trial::Comparison& c) { return c.cv ? "%" : c.figure->unit; }

Table replicates_table(const std::vector<trial::Comparison>& figures) {
  Table table = make_table("replicates", "every figure of every simulated trial", "replicate", Role::Rows);
  table.columns.push_back(make_column("replicate", "", "simulated trial, from 1", Integers{}));
  for (const trial::Comparison& c : figures) {
    table.columns.push_back(make_column(column_of(c), unit_of(c), c.figure->definition, Doubles{}));
  }
  return table;
}

std::string cite_of(const trial::Trial& trial, const std::string& key) {
  for (const trial::Source& source : trial.sources) {
    if (source.key == key) return source.cite;
  }
  return key;
}

Table published_table(const trial::Trial& trial, const std::vector<trial::Comparison>& figures) {
  Texts name, role, unit, definition, source, subject, measure, grade, statistic, group, interval, scale;
  Doubles value, low, high, at, scale_low, scale_high, grain;
  Integers n;
  Bytes counted;
  for (const trial::Comparison& c : figures) {
    const trial::Figure& f = *c.figure;
    name.push_back(column_of(c));
    role.emplace_back(f.role == trial::Role::Calibrate ? "calibrate" : "check");
    unit.push_back(unit_of(c));
    definition.push_back(f.definition);
    source.push_back(cite_of(trial, f.source));
    subject.emplace_back(trial::subject_of(f.measure));
    measure.push_back(f.measure);
    grade.push_back(f.grade);
    statistic.push_back(c.cv ? "cv" : trial::statistic_words()[static_cast<std::size_t>(f.statistic)]);
    group.push_back(f.group);
    interval.push_back(c.cv ? "" : trial::interval_words()[static_cast<std::size_t>(f.interval)]);
    at.push_back(f.at ? f.at->value : std::nan(""));
    value.push_back(c.published);
    low.push_back(c.cv ? std::nan("") : f.low.value_or(std::nan("")));
    high.push_back(c.cv ? std::nan("") : f.high.value_or(std::nan("")));
    n.push_back(static_cast<std::int64_t>(f.n.value_or(0)));
    counted.push_back(f.counted() ? 1 : 0);
    const trial::FigureScale how = trial::scale_of(f, c.cv);
    scale.emplace_back(fit::name(how.axis.scale));
    scale_low.push_back(how.axis.low);
    scale_high.push_back(how.axis.high);
    grain.push_back(how.grain);
  }
  Table table = make_table("figures", "published figures of the trial file that the simulation has", "figure", Role::Fixed);
  table.result = false;
  table.columns = {make_column("figure", "", "id", name),
                   make_column("role", "", "calibrate or check", role),
                   make_column("counted", "", "0: the same patients as another figure, shown only", counted),
                   make_column("value", "", "published value, in `unit`", value),
                   make_column("low", "", "lower end of what was printed beside it", low),
                   make_column("high", "", "upper end", high),
                   make_column("n", "", "patients, 0 when unknown", n),
                   make_column("unit", "", "its unit", unit),
                   make_column("definition", "", "what it is", definition),
                   make_column("source", "", "where it stands", source),
                   make_column("subject", "", "what it is about: heading of tables and pictures", subject),
                   make_column("measure", "", "what is seen in one patient", measure),
                   make_column("grade", "", "of graded events", grade),
                   make_column("statistic", "", "how the patients make one number", statistic),
                   make_column("group", "", "who of the patients", group),
                   make_column("at", "day", "since infusion; end of an area", at),
                   make_column("interval", "", "what low and high are", interval),
                   make_column("scale", "", "on which it is near normal over trials", scale),
                   make_column("scale_low", "", "lower bound of a logit, in `unit`", scale_low),
                   make_column("scale_high", "", "upper bound of a logit, in `unit`", scale_high),
                   make_column("grain", "", "it is known to so much and no finer, in `unit`", grain)};
  return table;
}

std::string number_text(double value) { return fmt::format("{:.12g}", value); }

Table run_table(const TrialRun& run, const trial::VirtualSetup& setup) {
  Texts keys, values;
  const auto add = [&](const char* key, std::string value) {
    keys.emplace_back(key);
    values.push_back(std::move(value));
  };
  std::string set;
  for (const std::string& s : run.set) set += (set.empty() ? "" : "; ") + s;
  add("title", run.trial.title);
  add("about", run.trial.about);
  add("trial", run.trial.name);
  add("registry", run.trial.registry);
  add("product", run.trial.product);
  add("disease", run.trial.disease);
  add("enrolled", number_text(setup.size));
  if (run.trial.design.infused) add("infused", number_text(run.trial.design.infused->value.value));
  if (!setup.response_visits.empty()) add("first_response_visit", number_text(setup.response_visits.front()));
  add("crs_scale", std::string(therapy::name(setup.scale)));
  add("copies_limit", number_text(setup.copies_limit));
  if (setup.definitions.disease == therapy::Disease::BAll) add("burden_limit", number_text(100 * setup.limits.mrd));
  add("model", run.use);
  add("model_title", run.model.title);
  add("model_status", run.model.status_note);
  add("time_unit", "day");
  add("replicates", std::to_string(run.replicates));
  add("cut", run.cut);
  std::string fits;
  for (const trial::Fitted& fit : run.fits) fits += (fits.empty() ? "" : ", ") + fit.name;
  add("fits", fits);
  add("fits_taken", run.fits.empty() ? "" : run.uncertain ? "draws" : "medians");
  add("set", set);
  Table table = make_table("run", "what was run, for people", "row", Role::Fixed);
  table.result = false;
  table.columns = {make_column("key", "", "name", keys), make_column("value", "", "value", values)};
  return table;
}

// The fitted parameters that go to this trial.
Table fitted_table(const TrialRun& run) {
  Texts fit, parameter, layer, of, unit, source;
  Doubles prior_low, prior_high, low, median, high, contraction;
  for (const trial::Fitted& fitted : run.fits) {
    for (const trial::FittedParameter& p : fitted.parameters) {
      if (!trial::belongs(p.layer, p.of, run.trial)) continue;
      fit.push_back(fitted.name);
      parameter.push_back(p.name());
      layer.emplace_back(trial::name(p.layer));
      of.push_back(fmt::format("{}", fmt::join(p.of, ", ")));
      unit.push_back(p.unit);
      source.push_back(p.source);
      prior_low.push_back(p.prior_low);
      prior_high.push_back(p.prior_high);
      low.push_back(p.low);
      median.push_back(p.median);
      high.push_back(p.high);
      contraction.push_back(p.contraction);
    }
  }
  Table table = make_table("fitted", "fitted parameters that go to this trial", "row", Role::Fixed);
  table.result = false;
  table.columns = {make_column("fit", "", "file of the fit", fit),
                   make_column("parameter", "", "of the model, or the SD of its random effect", parameter),
                   make_column("layer", "", "to which trials it goes", layer),
                   make_column("of", "", "disease, product or trial", of),
                   make_column("unit", "", "of the numbers", unit),
                   make_column("prior_low", "", "5 % of the prior", prior_low),
                   make_column("prior_high", "", "95 % of the prior", prior_high),
                   make_column("low", "", "5 % of the posterior", low),
                   make_column("median", "", "of the posterior", median),
                   make_column("high", "", "95 % of the posterior", high),
                   make_column("contraction", "1", "0: the figures say nothing of it; 1: all", contraction),
                   make_column("source", "", "where the prior comes from", source)};
  return table;
}

std::string resolved(const TrialRun& run) {
  std::string text = "# run: seed " + std::to_string(run.seed) + ", replicates " + std::to_string(run.replicates) +
                     ", cut " + (run.cut.empty() ? "first" : run.cut) + "\n";
  for (const trial::Fitted& fit : run.fits)
    text += "# fit: " + fit.name + " " + hash_text(trial::write_fitted(fit)) + (run.uncertain ? "" : ", medians") + "\n";
  for (const std::string& s : run.set) text += "# set: " + s + "\n";
  return text + run.text;
}

template <class T>
std::vector<T>& column_values(Table& table, std::size_t column) {
  return std::get<std::vector<T>>(table.columns[column].values);
}

}  // namespace

record::Plan trial_plan(const TrialRun& run, const trial::Comparer& comparer, const trial::VirtualTrial& simulated,
                        const RunOptions& options, std::uint64_t replicates_per_chunk) {
  const std::vector<trial::Comparison> figures = comparer.compare({});
  const auto size = static_cast<std::uint64_t>(run.trial.design.enrolled ? run.trial.design.enrolled->value.value : 0);
  record::Plan plan;
  plan.version = version();
  plan.commit = commit();
  plan.created_by = options.created_by;
  plan.scenario = resolved(run);
  plan.seed = run.seed;
  plan.chunks = (run.replicates + replicates_per_chunk - 1) / replicates_per_chunk;
  plan.chunk_size = replicates_per_chunk * size;
  plan.individuals = run.replicates * size;
  plan.shard = options.shard;
  plan.files = {{run.trial.file, "trial", run.text, {}},
                {run.product.file, "product", run.product_text, {}},
                {run.use, "model", run.model.text, {}}};
  for (const trial::Fitted& fit : run.fits) plan.files.push_back({fit.file, "fit", trial::write_fitted(fit), {}});
  plan.tables = {run_table(run, simulated.setup()), published_table(run.trial, figures), replicates_table(figures),
                 patients_table()};
  if (!run.fits.empty()) plan.tables.push_back(fitted_table(run));
  for (Table& table : course_tables(simulated)) plan.tables.push_back(std::move(table));
  return plan;
}

record::Part empty_part(const record::Plan& plan, std::uint64_t chunk) {
  record::Part part{chunk, {}};
  for (const Table& table : plan.tables) {
    if (table.role == Role::Rows) part.tables.push_back(table.shape());
  }
  return part;
}

void add_replicate(std::span<const PatientRow> rows, const std::vector<double>& figures, record::Part& part) {
  Table& replicates = part.tables[0];
  Table& patients = part.tables[1];
  const std::int64_t number = rows.empty() ? 0 : std::int64_t{rows.front().replicate} + 1;
  column_values<std::int64_t>(replicates, 0).push_back(number);
  for (std::size_t i = 0; i < figures.size(); ++i) column_values<double>(replicates, 1 + i).push_back(figures[i]);
  for (const PatientRow& row : rows) {
    column_values<std::int64_t>(patients, 0).push_back(static_cast<std::int64_t>(row.individual));
    column_values<std::int64_t>(patients, 1).push_back(number);
    std::size_t at = 2;
    for (const Code& code : codes) column_values<std::uint8_t>(patients, at++).push_back(code.value(row));
    for (const Number& n : numbers) column_values<double>(patients, at++).push_back(n.value(row));
  }
}

bool is_trial(const record::Recording& recording) { return recording.has("replicates") && recording.has("figures"); }

Table comparison_table(const record::Recording& recording) {
  const Table published = recording.read("figures");
  const Table replicates = recording.read("replicates");
  const Texts& names = published.column("figure").texts();
  const Doubles& values = published.column("value").doubles();
  Doubles mean, low, high;
  Integers count;
  Bytes inside;
  for (std::size_t i = 0; i < names.size(); ++i) {
    const trial::Prediction p = trial::predict(replicates.column(names[i]).doubles());
    mean.push_back(p.mean);
    low.push_back(p.low);
    high.push_back(p.high);
    count.push_back(p.replicates);
    inside.push_back(p.holds(values[i]) ? 1 : 0);
  }
  Table table = make_table("comparison", "published figures beside the simulated trials", "figure", Role::Made);
  table.columns = {
      make_column("figure", "", "id", names),
      make_column("role", "", "calibrate or check", published.column("role").texts()),
      make_column("counted", "", "0: the same patients as another figure, shown only", published.column("counted").values),
      make_column("published", "", "published value, in `unit`", values),
      make_column("n", "", "patients, 0 when unknown", published.column("n").values),
      make_column("simulated", "", "mean over the simulated trials", mean),
      make_column("low", "", "lower end of the 90 % prediction interval", low),
      make_column("high", "", "upper end", high),
      make_column("replicates", "", "simulated trials in which the figure exists", count),
      make_column("inside", "", "1: published lies in the interval", inside),
      make_column("unit", "", "unit of the numbers", published.column("unit").texts())};
  return table;
}

}  // namespace carina::scenario::impl
