/// @file
/// A patient as far as labels ask: plain data with everything that is not known left open, and its reader (docs/products.md).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "product/date.h"

namespace carina::product {

/// Something that holds today, by its key below [now].
struct Present {
  std::string key;          ///< `infection`, `inflammation`, `gvhd`, `adverse_event`, `worsening`
  std::optional<bool> yes;  ///< open when the file does not say
};

/// A patient. What is empty is not known: nothing is assumed.
struct Patient {
  std::string file;                                       ///< as the reader was told; empty when made from options
  std::string title;                                      ///< one line
  std::string region;                                     ///< whose labels count; empty for the usual one
  std::optional<double> age;                              ///< year, at use
  std::optional<double> weight;                           ///< kg, at leukapheresis
  std::optional<std::string> disease;                     ///< a name of diseases()
  std::optional<bool> refractory;                         ///< to the last treatment
  std::optional<bool> refractory_to_first_line;           ///< to the first line
  std::optional<int> relapses;                            ///< so far; 2: in second relapse, or after it
  std::optional<double> relapse_after;                    ///< months from the first line to the first relapse
  std::optional<int> lines;                               ///< lines of systemic therapy so far
  std::optional<std::vector<std::string>> had;            ///< names of treatments(), complete when given
  std::optional<std::vector<std::string>> refractory_to;  ///< among them, complete when given
  std::optional<std::vector<std::string>> transplants;    ///< `autologous`, `allogeneic`; empty list: none
  std::optional<bool> relapse_after_transplant;           ///< after an allogeneic one
  std::optional<bool> transplant_eligible;                ///< fit for one
  std::optional<double> marrow_blasts;                    ///< per cent of marrow cells
  std::optional<double> white_cells;                      ///< cell/L
  std::optional<int> ecog;                                ///< performance status, 0 to 4; no label asks for it
  std::vector<Present> now;                               ///< each of the keys, in this order
};

/// The keys below [now] that are yes or no.
const std::vector<std::string>& present_keys();

/// Reads the patient file at `path`. Throws InputError with every problem, also when the file cannot be opened.
Patient read_patient(const std::string& path);

/// The same from a text; `file` is what problems call it.
Patient read_patient_text(const std::string& text, const std::string& file);

/// The file again: the one name of every word, every number in the unit that labels use, and what is not known as a comment.
std::string resolved_text(const Patient& patient);

}  // namespace carina::product
