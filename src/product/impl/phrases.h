/// @file
/// Parts of a label in words that read well aloud. What is recalled carries its mark.
#pragma once

#include <string>

#include "product/label.h"

namespace carina::product::impl {

/// ` [recalled]`, or nothing.
std::string mark(const Origin& origin);
/// `7.6 million`.
std::string millions(double cells);
/// `7.6 to 190 million`, or one number when both are the same.
std::string millions(double low, double high);
/// `7 days`, `2 weeks`.
std::string days_text(double days);
/// `up to and including 50 kg: 0.2 to 5 million CAR-positive viable T cells per kg`.
std::string dose_phrase(const Product& product, const Dose& dose);
/// `more than 20 % blasts in the marrow`; empty for a dose that is for all.
std::string band_phrase(const Dose& dose);
/// `10 million on day 1, then 400 million on day 10 (day 8 to 12)`.
std::string parts_phrase(const Dose& dose);
/// `fludarabine 30 mg/m2 a day for 4 days, cyclophosphamide ...`.
std::string regimen_phrase(const Lymphodepletion& regimen);
/// `2 to 14 days after the end of lymphodepletion`.
std::string window_phrase(const Window& window);
/// `daily visits for 7 days, near a treatment centre for 2 weeks ...`.
std::string monitoring_phrase(const Monitoring& monitoring);
/// `median 23 day, 21 to 37, n 37`.
std::string supply_phrase(const Supply& supply);
/// Words of `text` in lines of 110 characters, the first after `head`, the others below its end.
std::string wrapped(const std::string& head, const std::string& text);
/// `Kymriah (tisagenlecleucel)`.
std::string both_names(const Product& product);

}  // namespace carina::product::impl
