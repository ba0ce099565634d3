#include "fit/impl/linear.h"

#include "base/check.h"

namespace carina::fit::impl {

Dense factor(const Dense& covariance) {
  const double size = covariance.diagonal().mean();
  CARINA_CHECK(size >= 0);
  double sliver = 0;
  for (int attempt = 0; attempt < 12; ++attempt) {
    const Dense lifted = covariance + sliver * Dense::Identity(covariance.rows(), covariance.cols());
    const Eigen::LLT<Dense> llt(lifted);
    if (llt.info() == Eigen::Success) return llt.matrixL();
    sliver = sliver == 0 ? 1e-12 * size + 1e-300 : sliver * 10;
  }
  return Dense(covariance.diagonal().cwiseMax(0).cwiseSqrt().asDiagonal());
}

}  // namespace carina::fit::impl
