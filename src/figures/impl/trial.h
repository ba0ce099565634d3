/// @file
/// The report of a trial's recording: what trialists draw by hand. Each section is HTML with its drawings; one whose tables are
/// missing is empty.
#pragma once

#include <string>
#include <vector>

#include "figures/impl/result.h"
#include "figures/plot.h"

namespace carina::figures::impl {

/// Whether the recording is one of a trial.
bool is_trial(const record::Recording& recording);

/// How many published figures lie inside the prediction interval.
struct Tally {
  int inside = 0;
  int of = 0;  ///< counted and simulated
};
/// Of the table `comparison`, the figures with this role.
Tally tally(const record::Table& comparison, const std::string& role);

/// Style of the sections, beside plot_style().
std::string trial_style();
/// Line of facts under the title.
std::string trial_facts(const Result& result, const record::Recording& recording);
/// All sections in reading order.
std::string trial_sections(const Result& result, const record::Recording& recording);

/// Each published figure as a row: its value on the interval of the simulated trials, and both as numbers.
std::string comparison_section(const record::Recording& recording);
/// Patients lost from enrolment to response.
std::string attrition_section(const record::Recording& recording);
/// Survival, aplasia and relapse as curves, published landmarks upon them, numbers at risk beneath.
std::string curves_section(const record::Recording& recording);
/// The first two of these curves, as plots.
std::vector<Plot> curve_plots(const record::Recording& recording);
/// Transgene, cytokine release and its treatment, blood counts over time.
std::string courses_section(const Result& result, const record::Recording& recording);
/// The patients of the first simulated trial, each as a lane and each as a bar.
std::string patients_section(const Result& result, const record::Recording& recording);

/// Lines for a terminal.
std::string trial_text(const Result& result, const record::Recording& recording);

/// A drawing's mark in a legend: `marks` in a box of 26 x 12 units, and what it stands for.
std::string legend_entry(const std::string& marks, const std::string& text);
/// A figure with its caption; `foot` is a line of small print, may be empty.
std::string figure_of(const std::string& caption, const std::string& drawing, const std::string& foot = {});

}  // namespace carina::figures::impl
