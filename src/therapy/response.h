/// @file
/// The words in which every disease's response is said, and one visit's assessment in them, so that endpoints, tables and
/// figures need no case by disease. Criteria: therapy/response_all.h, therapy/lugano.h, therapy/imwg.h. docs/endpoints.md.
#pragma once

#include <cstdint>
#include <limits>
#include <span>
#include <string_view>

namespace carina::therapy {

/// A value that was not measured.
inline constexpr double not_done = std::numeric_limits<double>::quiet_NaN();
/// A time at which something never happens.
inline constexpr double never = std::numeric_limits<double>::infinity();

/// Which criteria judge a patient.
enum class Disease : std::uint8_t {
  BAll,      ///< B-cell acute lymphoblastic leukaemia: blasts, counts, MRD
  Lymphoma,  ///< B-cell lymphoma: Lugano 2014
  Myeloma,   ///< multiple myeloma: IMWG
};

/// Every response of every disease, worst first: of two responses of one disease the greater is the better one.
enum class Response : std::uint8_t {
  NotEvaluable,        ///< NE: too little was measured to say
  Progression,         ///< PD: lymphoma and myeloma grew or came back
  Relapse,             ///< leukaemia came back after CR or CRi
  NoResponse,          ///< NR: leukaemia never was in CR or CRi
  Stable,              ///< SD
  Minimal,             ///< MR: myeloma only; counts as no response
  Partial,             ///< PR
  VeryGoodPartial,     ///< VGPR: myeloma only
  CompleteIncomplete,  ///< CRi: leukaemia only, complete but for blood counts
  Complete,            ///< CR; by PET the complete metabolic response
  StringentComplete,   ///< sCR: myeloma only
};

/// The field's abbreviation: NE, PD, relapse, NR, SD, MR, PR, VGPR, CRi, CR, sCR.
std::string_view name(Response response);
/// In words, such as `very good partial response`.
std::string_view title(Response response);
/// The responses that a disease's criteria can give, best first, NE last.
std::span<const Response> responses(Disease disease);
/// What someone is in whose better response was not confirmed: SD, or NR in leukaemia.
Response unconfirmed(Disease disease);

/// True for PR or better: what an overall response rate counts.
constexpr bool is_response(Response response) { return response >= Response::Partial; }
/// True for CRi or better.
constexpr bool is_complete(Response response) { return response >= Response::CompleteIncomplete; }
/// True for relapse and progression, which end a response.
constexpr bool is_loss(Response response) { return response == Response::Relapse || response == Response::Progression; }
/// True for all but NE.
constexpr bool is_evaluable(Response response) { return response != Response::NotEvaluable; }

/// Something that is there or is not, as far as anyone looked.
enum class Seen : std::uint8_t {
  NotDone,  ///< nobody looked
  No,       ///< looked, and it is not there
  Yes,      ///< it is there
};

/// Minimal residual disease as the assay sees it.
enum class Mrd : std::uint8_t {
  NotDone,   ///< no assay
  Negative,  ///< below the assay's limit
  Positive,  ///< at or above it
};

/// not_done, negative, positive.
std::string_view name(Mrd mrd);

/// The target antigen of a relapse: CD19 or BCMA, whatever the product aims at.
enum class AntigenClass : std::uint8_t {
  Unknown,   ///< not looked at, or no tumour cell to look at
  Positive,  ///< carries the antigen
  Mixed,     ///< two clones
  Negative,  ///< has lost it
};

/// unknown, positive, mixed, negative.
std::string_view name(AntigenClass antigen);

/// Tumour cells by antigen, in any common unit; not_done when the antigen was not looked at.
struct Clones {
  double positive = not_done;  ///< cells that carry it
  double low = 0;              ///< cells that carry little
  double negative = 0;         ///< cells without it
};

/// Where mixed begins and ends. No publication gives these shares; they are carina's choice.
struct AntigenCut {
  double positive_to = 0.05;    ///< up to this share of cells that count as negative it is positive; 0 to 1
  double negative_from = 0.95;  ///< from this share on it is negative; 0 to 1, above positive_to
  bool low_is_negative = true;  ///< cells with little antigen count as negative, otherwise as positive
};

/// The class of a tumour.
AntigenClass antigen_class(const Clones& clones, const AntigenCut& cut = {});

/// What one visit says of one patient, whatever the disease.
struct Assessed {
  double time = 0;                               ///< days after infusion
  Response response = Response::NotEvaluable;    ///< by the criteria, not yet confirmed by another visit
  Mrd mrd = Mrd::NotDone;                        ///< by the assay's limit
  AntigenClass antigen = AntigenClass::Unknown;  ///< at relapse or progression only
  double measure = not_done;                     ///< burden as the disease measures it, for change from baseline
  double b_cells = not_done;                     ///< normal B cells in blood, 1/uL
};

}  // namespace carina::therapy
