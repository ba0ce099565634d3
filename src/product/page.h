/// @file
/// What people and programs read: the page of a product, the answer about a patient, the answer about a dose. As text for a
/// terminal and as JSON; what is recalled is marked in each.
#pragma once

#include <string>
#include <vector>

#include "product/dose.h"
#include "product/eligible.h"
#include "product/product.h"

namespace carina::product {

/// One line a product: names, target, costimulation, indications in force in `region` on `date`.
std::string list_text(const std::vector<Product>& products, const std::string& region, const Date& date);
/// The same as a JSON array.
std::string list_json(const std::vector<Product>& products, const std::string& region, const Date& date);

/// The page: construct, versions, the label in force in `region` on `date`, supply, sources.
std::string page_text(const Product& product, const std::string& region, const Date& date);
/// The page with every version of every label written out.
std::string page_text(const Product& product);
/// Everything that the file says, with the label of each version written out, as one JSON object.
std::string page_json(const Product& product);

/// Every rule with its answer, and what follows from it.
std::string eligibility_text(const Eligibility& result, const Patient& patient);
/// The same as one JSON object.
std::string eligibility_json(const Eligibility& result, const Patient& patient);

/// Dose, lymphodepletion and window.
std::string dose_text(const DoseAnswer& answer, const DoseQuestion& question);
/// The same as one JSON object.
std::string dose_json(const DoseAnswer& answer, const DoseQuestion& question);

/// The line that ends every answer about a patient.
extern const char* const who_decides;

}  // namespace carina::product
