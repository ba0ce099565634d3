/// @file
/// A plot of bands, lines and points over a common axis as SVG. Colours are CSS variables with defaults, so that a page can
/// set them; a plot of its own brings them along, for light and dark.
#pragma once

#include <limits>
#include <string>
#include <vector>

namespace carina::figures {

/// The area between two curves.
struct Band {
  std::string label;         ///< for the legend
  std::vector<double> low;   ///< lower curve, one a time
  std::vector<double> high;  ///< upper curve, one a time
  std::string look = {};     ///< class of its style; empty: by its place among the bands
};

/// Another curve beside the main one, told apart by colour and dashes.
struct PlotLine {
  std::string label;      ///< for the legend
  std::vector<double> y;  ///< one a time
};

/// A value of note across the whole plot, such as an assay's limit.
struct PlotRule {
  double y = 0;       ///< where
  std::string label;  ///< written on it
};

/// A value that others published, drawn over the rest.
struct PlotPoint {
  double x = 0;                                            ///< time
  double y = 0;                                            ///< value
  double low = std::numeric_limits<double>::quiet_NaN();   ///< lower end of its whisker; NaN: none
  double high = std::numeric_limits<double>::quiet_NaN();  ///< upper end; NaN: none
  std::string label;                                       ///< what it is
  bool hollow = false;                                     ///< drawn hollow: of less weight
};

/// Numbers under the axis, each at a time: how many individuals are at risk.
struct PlotFoot {
  std::string label;               ///< what they are; empty: no such line
  std::vector<double> x;           ///< times
  std::vector<std::string> texts;  ///< one a time; one that would touch the one before it is left out
};

/// A plot.
struct Plot {
  std::string title;                                        ///< above the axes
  std::string x_label;                                      ///< with unit
  std::string y_label;                                      ///< with unit
  std::vector<double> x;                                    ///< times, ascending
  std::vector<Band> bands;                                  ///< wide ones first
  std::vector<double> line;                                 ///< median, one a time; may be empty
  std::string line_label;                                   ///< for the legend
  std::vector<PlotLine> others;                             ///< more curves, at most two
  std::vector<PlotRule> rules;                              ///< values of note
  std::vector<PlotPoint> points;                            ///< drawn last
  double x_low = 0;                                         ///< left end
  double x_high = 1;                                        ///< right end
  double x_step = 0;                                        ///< from mark to mark of the times; 0: by the ends
  bool steps = false;                                       ///< a value holds until the next time
  bool share = false;                                       ///< the values' axis goes from 0 to 1, as %
  PlotFoot foot;                                            ///< under the axis
  bool log_y = false;                                       ///< logarithmic values; those not above 0 leave gaps
  double least = std::numeric_limits<double>::quiet_NaN();  ///< lower end of the values' axis; NaN: by the values
  double width = 430;                                       ///< of the drawing, in its own units
  double height = 310;                                      ///< of the drawing
};

/// True when positive values span more than three decades: then a log axis shows more.
bool wants_log(const std::vector<double>& values);

/// Where the axis of times between the ends of `plot` has its marks.
std::vector<double> time_marks(const Plot& plot);

/// The drawing as an `svg` element; with `alone` a whole file with its own style.
std::string plot_svg(const Plot& plot, bool alone = false);

/// The style of the drawings' parts, for a page that holds some.
std::string plot_style();

}  // namespace carina::figures
