/// @file
/// The words of labels and patients: diseases, and treatments that came before. Each has one name in files and output, other
/// spellings that a person may write, and the wider words that it belongs to (`dlbcl` is an `lbcl`; `ibrutinib` is a
/// `btk_inhibitor`).
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace carina::product {

/// One word.
struct Term {
  std::string name;                    ///< as files and JSON have it
  std::string title;                   ///< as a sentence has it
  std::vector<std::string> spellings;  ///< other ways to write it, in lower case with `_`
  std::vector<std::string> wider;      ///< names of the wider words
};

/// Diseases: those of labels, and the other blood cancers.
const std::vector<Term>& diseases();
/// Treatments before, by class and by drug.
const std::vector<Term>& treatments();

/// The word that `text` means, whatever its case and with `-` or blanks for `_`; null when there is none.
const Term* find_term(const std::vector<Term>& terms, const std::string& text);
/// The word called `name`, which must be one.
const Term& term(const std::vector<Term>& terms, const std::string& name);
/// True when `name` is `wider` or belongs to it.
bool belongs(const std::vector<Term>& terms, const std::string& name, const std::string& wider);
/// Every name and spelling, for messages.
std::vector<std::string> names_of(const std::vector<Term>& terms);

}  // namespace carina::product
