#include "product/vocabulary.h"

#include <algorithm>

#include "base/check.h"

namespace carina::product {
namespace {

std::string spelling(const std::string& text) {
  std::string out;
  for (const char c : text) {
    if (c == '-' || c == ' ')
      out += '_';
    else
      out += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  }
  return out;
}

}  // namespace

const std::vector<Term>& diseases() {
  static const std::vector<Term> terms = {
      {"b_all", "B-cell acute lymphoblastic leukaemia", {"ball", "b_cell_all", "bcp_all", "b_all_precursor"}, {}},
      {"lbcl", "large B-cell lymphoma", {"large_b_cell_lymphoma"}, {}},
      {"dlbcl", "diffuse large B-cell lymphoma (NOS)", {"dlbcl_nos"}, {"lbcl"}},
      {"dlbcl_from_fl",
       "diffuse large B-cell lymphoma arising from follicular lymphoma",
       {"tfl", "transformed_fl"},
       {"lbcl"}},
      {"dlbcl_from_indolent",
       "diffuse large B-cell lymphoma arising from another indolent lymphoma",
       {"transformed_mzl", "transformed_indolent"},
       {"lbcl"}},
      {"hgbcl", "high-grade B-cell lymphoma", {"high_grade_b_cell_lymphoma", "double_hit", "triple_hit"}, {"lbcl"}},
      {"pmbcl", "primary mediastinal large B-cell lymphoma", {"pmbl"}, {"lbcl"}},
      {"fl3b", "follicular lymphoma grade 3B", {"fl_3b", "fl_grade_3b"}, {"fl", "lbcl"}},
      {"pcnsl", "primary central nervous system lymphoma", {"primary_cns_lymphoma", "cns_lymphoma"}, {"lbcl"}},
      {"fl", "follicular lymphoma", {"follicular_lymphoma"}, {}},
      {"mcl", "mantle cell lymphoma", {"mantle_cell_lymphoma"}, {}},
      {"mzl", "marginal zone lymphoma", {"marginal_zone_lymphoma"}, {}},
      {"cll", "chronic lymphocytic leukaemia", {}, {}},
      {"sll", "small lymphocytic lymphoma", {}, {}},
      {"myeloma", "multiple myeloma", {"mm", "rrmm", "multiple_myeloma"}, {}},
      {"aml", "acute myeloid leukaemia", {}, {}},
      {"t_all", "T-cell acute lymphoblastic leukaemia", {"t_cell_all"}, {}},
      {"cml", "chronic myeloid leukaemia", {}, {}},
      {"mds", "myelodysplastic syndrome", {}, {}},
      {"hodgkin", "Hodgkin lymphoma", {"hodgkin_lymphoma", "chl"}, {}},
      {"t_cell_lymphoma", "T-cell lymphoma", {"ptcl"}, {}},
      {"burkitt", "Burkitt lymphoma", {"burkitt_lymphoma"}, {}},
      {"waldenstrom", "Waldenström macroglobulinaemia", {"wm", "lpl"}, {}},
      {"plasma_cell_leukaemia", "plasma cell leukaemia", {"pcl", "plasma_cell_leukemia"}, {}},
      {"al_amyloidosis", "AL amyloidosis", {"amyloidosis"}, {}},
      {"other_blood_cancer", "a blood cancer of another kind", {"other"}, {}},
  };
  return terms;
}

const std::vector<Term>& treatments() {
  static const std::vector<Term> terms = {
      {"chemoimmunotherapy", "chemoimmunotherapy", {"r_chop", "rchop"}, {}},
      {"anti_cd20", "an anti-CD20 antibody", {"rituximab", "obinutuzumab"}, {}},
      {"btk_inhibitor", "a BTK inhibitor", {"btki"}, {}},
      {"ibrutinib", "ibrutinib", {}, {"btk_inhibitor"}},
      {"acalabrutinib", "acalabrutinib", {}, {"btk_inhibitor"}},
      {"zanubrutinib", "zanubrutinib", {}, {"btk_inhibitor"}},
      {"pirtobrutinib", "pirtobrutinib", {}, {"btk_inhibitor"}},
      {"bcl2_inhibitor", "a BCL-2 inhibitor", {"bcl_2_inhibitor"}, {}},
      {"venetoclax", "venetoclax", {}, {"bcl2_inhibitor"}},
      {"proteasome_inhibitor", "a proteasome inhibitor", {"pi"}, {}},
      {"bortezomib", "bortezomib", {}, {"proteasome_inhibitor"}},
      {"carfilzomib", "carfilzomib", {}, {"proteasome_inhibitor"}},
      {"ixazomib", "ixazomib", {}, {"proteasome_inhibitor"}},
      {"immunomodulator", "an immunomodulatory agent", {"imid"}, {}},
      {"lenalidomide", "lenalidomide", {}, {"immunomodulator"}},
      {"pomalidomide", "pomalidomide", {}, {"immunomodulator"}},
      {"thalidomide", "thalidomide", {}, {"immunomodulator"}},
      {"anti_cd38", "an anti-CD38 antibody", {}, {}},
      {"daratumumab", "daratumumab", {}, {"anti_cd38"}},
      {"isatuximab", "isatuximab", {}, {"anti_cd38"}},
      {"anti_cd19", "a therapy against CD19", {}, {}},
      {"blinatumomab", "blinatumomab", {}, {"anti_cd19"}},
      {"inotuzumab", "inotuzumab ozogamicin", {"anti_cd22"}, {}},
      {"tyrosine_kinase_inhibitor", "a tyrosine kinase inhibitor", {"tki"}, {}},
      {"bendamustine", "bendamustine", {}, {}},
      {"chemotherapy", "chemotherapy", {}, {}},
      {"car_t", "a CAR T product", {}, {}},
      {"car_t_cd19", "a CAR T product against CD19", {}, {"car_t", "anti_cd19"}},
      {"car_t_bcma", "a CAR T product against BCMA", {}, {"car_t"}},
  };
  return terms;
}

const Term* find_term(const std::vector<Term>& terms, const std::string& text) {
  const std::string wanted = spelling(text);
  for (const Term& term : terms) {
    if (term.name == wanted) return &term;
    if (std::find(term.spellings.begin(), term.spellings.end(), wanted) != term.spellings.end()) return &term;
  }
  return nullptr;
}

const Term& term(const std::vector<Term>& terms, const std::string& name) {
  const Term* found = find_term(terms, name);
  CARINA_CHECK(found != nullptr);
  return *found;
}

bool belongs(const std::vector<Term>& terms, const std::string& name, const std::string& wider) {
  if (name == wider) return true;
  for (const std::string& next : term(terms, name).wider) {
    if (belongs(terms, next, wider)) return true;
  }
  return false;
}

std::vector<std::string> names_of(const std::vector<Term>& terms) {
  std::vector<std::string> names;
  for (const Term& term : terms) {
    names.push_back(term.name);
    names.insert(names.end(), term.spellings.begin(), term.spellings.end());
  }
  return names;
}

}  // namespace carina::product
