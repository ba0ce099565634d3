#include "product/product.h"

namespace carina::product {

const std::vector<SupplyWord>& supply_words() {
  static const std::vector<SupplyWord> words = {
      {"vein_to_vein", "leukapheresis to infusion"},
      {"receipt_to_return", "arrival of the cells at the manufacturer to their return"},
      {"acceptance_to_infusion", "acceptance of the leukapheresis to infusion"},
      {"enrolment_to_infusion", "enrolment in the trial to infusion"},
      {"referral_to_leukapheresis", "referral to leukapheresis"},
      {"manufacturing_failure", "collected but not made"},
      {"not_infused", "made but not infused"},
      {"total_lost", "collected but not infused"},
      {"manufacturing_success", "made of those started"},
      {"terminated", "manufacture stopped"},
      {"out_of_specification", "made but outside the specification"},
      {"shipping_success", "shipped of those started"},
      {"infusion_delayed", "infused later than planned after lymphodepletion"},
      {"release_viability", "least viability for release"},
      {"viability", "viability of the final product"},
      {"car_positive", "CAR-positive share of the final product"},
      {"residual_beads", "most beads left in 3 million cells"},
      {"infused_dose", "dose infused"},
      {"made_dose", "dose made"},
      {"leukapheresis_nucleated_cells", "fewest nucleated cells in the leukapheresis"},
      {"leukapheresis_cd3", "CD3-positive cells in the leukapheresis"},
      {"leukapheresis_age", "oldest leukapheresis that is taken"},
      {"leukapheresis_duration", "duration of the leukapheresis"},
      {"shelf_life", "shelf life of the frozen product"},
      {"thaw_to_infusion", "thaw to end of infusion"},
      {"infusion_rate", "rate of infusion"},
      {"bag_volume", "volume of a bag"},
      {"slots_per_month", "slots a month at a centre"},
      {"waiting_list", "patients waiting at a centre"},
      {"got_slot", "waiting patients who got a slot"},
  };
  return words;
}

std::string origin_text(const Product& product, const Origin& origin) {
  const std::size_t end = origin.source.find_first_of(" ,:;");
  const std::string key = origin.source.substr(0, end);
  std::string text = origin.source;
  for (const Source& source : product.sources) {
    if (source.key == key) text = source.cite + (end == std::string::npos ? "" : origin.source.substr(end));
  }
  if (origin.recalled) text += " [recalled]";
  return origin.note.empty() ? text : text + " (" + origin.note + ")";
}

}  // namespace carina::product
