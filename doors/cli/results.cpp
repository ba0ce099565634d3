#include <fmt/format.h>

#include <fstream>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>

#include "base/problem.h"
#include "commands.h"
#include "figures/pair.h"
#include "figures/report.h"
#include "figures/show.h"
#include "record/export.h"
#include "record/recording.h"
#include "record/writer.h"
#include "scenario/run.h"

namespace carina::cli {
namespace {

struct ResultArguments {
  std::vector<std::string> files;
  std::string file, other, out, table, format = "csv";
  bool json = false, force = false, units = false;
};

record::Recording open(const std::string& path) { return record::Recording::open(path, scenario::finish); }

int merge(const ResultArguments& a) {
  record::merge(a.files, a.out, a.force ? record::Existing::Replace : record::Existing::Refuse, scenario::finish);
  fmt::print("result in {}\nnext: carina show {}\n", a.out, a.out);
  return done;
}

int diff(const ResultArguments& a) {
  const record::Recording first = open(a.file), second = open(a.other);
  const auto difference = record::diff(first, second);
  if (a.json) {
    nlohmann::json out = {{"equal", !difference.has_value()}};
    if (difference) {
      out["table"] = difference->table;
      out["column"] = difference->column;
      out["row"] = difference->row;
      out["point"] = difference->point;
      out["first"] = difference->first;
      out["second"] = difference->second;
      out["text"] = difference->text;
      if (difference->ulps) out["ulps"] = *difference->ulps;
    }
    fmt::print("{}\n", out.dump(2));
  } else {
    fmt::print("{}\n", difference ? difference->text : "equal");
  }
  return difference ? 1 : done;
}

int pair(const ResultArguments& a) {
  const record::Recording first = open(a.file), second = open(a.other);
  fmt::print("{}\n", a.json ? figures::pair_json(first, second) : figures::pair_text(first, second));
  return done;
}

int show(const ResultArguments& a) {
  const record::Recording recording = open(a.file);
  fmt::print("{}\n", a.json ? figures::summary_json(recording) : figures::summary_text(recording));
  return done;
}

void export_to(const ResultArguments& a, const record::Recording& recording, std::ostream& out) {
  if (a.format == "json")
    record::export_json(recording, a.table, out);
  else
    record::export_csv(recording, a.table, out, {a.units, ','});
}

int export_table(const ResultArguments& a) {
  const record::Recording recording = open(a.file);
  if (a.out.empty()) {
    export_to(a, recording, std::cout);
    std::cout.flush();
    return done;
  }
  std::ofstream file(a.out, std::ios::binary);
  if (!file) throw record::FileError("cannot write", a.out, errno);
  export_to(a, recording, file);
  file.close();
  if (!file) throw record::FileError("cannot write", a.out, errno);
  return done;
}

int hash(const ResultArguments& a) {
  const record::Recording recording = open(a.file);
  if (!recording.complete() && recording.chunks_done() < recording.chunks_total()) {
    fmt::print(stderr, "carina: {} is not finished: {} of {} chunks\n", a.file, recording.chunks_done(),
               recording.chunks_total());
    return no_result;
  }
  fmt::print("{}\n", record::hash(recording));
  return done;
}

int report(const ResultArguments& a) {
  const record::Recording recording = open(a.file);
  const std::string page = a.out.ends_with(".svg") ? figures::course_svg(recording) : figures::report_html(recording);
  std::ofstream file(a.out, std::ios::binary);
  file << page;
  file.close();
  if (!file) throw record::FileError("cannot write", a.out, errno);
  fmt::print("report in {}\n", a.out);
  return done;
}

using Work = int (*)(const ResultArguments&);

// One word of the command line: what it is called, what it is for, what it does.
struct Word {
  const char* name;
  const char* about;
  Work work;
};

CLI::App* command(CLI::App& app, Context& context, const std::shared_ptr<ResultArguments>& a, const Word& word) {
  CLI::App* made = app.add_subcommand(word.name, word.about);
  made->callback([&context, a, work = word.work] { context.chosen = [a, work] { return work(*a); }; });
  return made;
}

}  // namespace

void add_results(CLI::App& app, Context& context) {
  const auto a = std::make_shared<ResultArguments>();
  CLI::App* made = command(app, context, a, {"merge", "join the recordings of all shards of a run", merge});
  made->add_option("PART", a->files, "recordings of shards")->required();
  made->add_option("-o,--output", a->out, "recording of the whole run")->required();
  made->add_flag("--force", a->force, "replace a recording that is there");

  made = command(app, context, a, {"diff", "the first difference of two recordings; exit 1 when there is one", diff});
  made->add_option("A", a->file, "recording")->required();
  made->add_option("B", a->other, "recording")->required();
  made->add_flag("--json", a->json, "print JSON");

  made = command(app, context, a, {"pair", "two runs of the same individuals, each individual beside itself", pair});
  made->add_option("A", a->file, "recording")->required();
  made->add_option("B", a->other, "recording of the same individuals under another setting")->required();
  made->add_flag("--json", a->json, "print JSON");

  made = command(app, context, a, {"show", "a summary of a recording, finished or not", show});
  made->add_option("RESULT", a->file, "recording")->required();
  made->add_flag("--json", a->json, "print JSON");

  made = command(app, context, a, {"export", "a table of a recording as text", export_table});
  made->add_option("RESULT", a->file, "recording")->required();
  made->add_option("--table", a->table, "table; carina show lists them")->required();
  made->add_option("--format", a->format, "csv or json")->check(CLI::IsMember({"csv", "json"}));
  made->add_option("-o,--output", a->out, "file; standard output when absent");
  made->add_flag("--units", a->units, "units in the head line of CSV");

  made = command(app, context, a, {"hash", "a hash of every result column, nothing of time or machine", hash});
  made->add_option("RESULT", a->file, "recording")->required();

  made = command(app, context, a, {"report", "a page with pictures and tables", report});
  made->add_option("RESULT", a->file, "recording")->required();
  made->add_option("-o,--output", a->out, "page (FILE.html), or its first picture (FILE.svg)")->required();
}

}  // namespace carina::cli
