// The reference engine. It is meant to be read beside the equations: formulas are evaluated as they stand in the graph, the
// method is Radau IIA of order 5 with full Newton iterations and a finite-difference Jacobian, the error of a step is the
// difference to two half steps, every output and every dose is a step end, and a switch is found by halving steps. Few cells
// follow docs/small_numbers.md: y_ has one more number than the model has states, the wait for a first arrival.

#include <Eigen/Dense>
#include <algorithm>
#include <cmath>
#include <limits>

#include "ensemble/impl/counts.h"
#include "ensemble/integrate.h"

namespace carina::ensemble {

namespace {

using Eigen::MatrixXd;
using Eigen::VectorXd;
using expr::no_node;
using expr::NodeId;
using expr::Op;

constexpr double infinity = std::numeric_limits<double>::infinity();

// Something at a known time.
struct Appointment {
  double time;
  enum class Kind { Bolus, Rate, Event } kind;
  std::uint32_t index;
  double value;
};

class Reference {
 public:
  Reference(const Plan& plan, std::span<const double> parameters, std::uint64_t individual)
      : plan_(plan),
        model_(*plan.model),
        graph_(model_.graph),
        parameters_(parameters.begin(), parameters.end()),
        flows_(flow_rows(model_)),
        draws_(plan.small_numbers.seed, rows_, flows_) {
    interval_.individual = individual;
    for (const model::State& state : model_.states) rates_.push_back(state.rate);
    if (plan.small_numbers.stochastic) add_counts();
    std::vector<NodeId> all = rates_;
    for (const model::Event& event : model_.events) {
      if (event.when != no_node) all.push_back(event.when);
    }
    all.insert(all.end(), plan.watched.begin(), plan.watched.end());
    for (const NodeId id : graph_.reachable(all)) {
      const expr::Node& node = graph_[id];
      if ((node.op == Op::Less || node.op == Op::LessEqual) &&
          (node.depends & (expr::depends_state | expr::depends_time)) != 0) {
        comparisons_.push_back(id);
      }
    }
    std::vector<NodeId> modes;
    for (std::uint32_t m = 0; m < comparisons_.size(); ++m) modes.push_back(graph_.mode(m));
    rates_ = graph_.substitute(rates_, comparisons_, modes);
    inputs_.assign(model_.states.size(), 0.0);
    modes_.assign(comparisons_.size(), 0.0);
    conditions_.assign(model_.events.size(), 0.0);
    hits_.assign(plan.watched.size(), infinity);
  }

  Status run(Results& results) {
    const std::size_t n = model_.states.size();
    if (model_.closed_form()) return evaluate(results);
    y_.setZero(static_cast<Eigen::Index>(n + 1));
    t_ = plan_.start;
    for (std::size_t s = 0; s < n; ++s) y_[static_cast<Eigen::Index>(s)] = value(model_.states[s].start);
    make_appointments();
    settle_counts();
    modes_ = truths(t_, y_);
    for (std::size_t e = 0; e < conditions_.size(); ++e) {
      conditions_[e] = model_.events[e].when == no_node ? 0 : value(model_.events[e].when);
    }
    watch();
    h_ = 1e-6 * (plan_.times.back() - plan_.start);
    opened_ = plan_.start;
    keep_appointments();
    if (const Status status = open_interval(); status != Status::Ok) return status;
    for (const double time : plan_.times) {
      while (t_ < time) {
        const double stop = std::min({time, next_time(), grid_stop_});
        if (const Status status = advance(stop, results); status != Status::Ok) return status;
        // an output alone does not cut an interval
        if (stop < time || next_time() <= t_ || grid_stop_ <= t_ || t_ >= plan_.times.back()) {
          if (const Status status = close_interval(); status != Status::Ok) return status;
          keep_appointments();
          if (const Status status = open_interval(); status != Status::Ok) return status;
        }
      }
      for (const NodeId column : plan_.columns) results.values.push_back(value(column));
    }
    results.hits = hits_;
    return Status::Ok;
  }

 private:
  // Without states the columns are a closed form; one that is not finite ends the individual.
  Status evaluate(Results& results) {
    for (const double time : plan_.times) {
      t_ = time;
      std::vector<double> row;
      for (const NodeId column : plan_.columns) row.push_back(value(column));
      if (!std::all_of(row.begin(), row.end(), [](double v) { return std::isfinite(v); })) return Status::NotFinite;
      results.values.insert(results.values.end(), row.begin(), row.end());
    }
    return Status::Ok;
  }

  expr::Leaves leaves(double t, const VectorXd& y) const {
    return {t, y.data(), parameters_.data(), modes_.data(), inputs_.data()};
  }
  double value(NodeId node) const { return graph_.evaluate(node, leaves(t_, y_)); }
  double value(NodeId node, double otherwise) const { return node == no_node ? otherwise : value(node); }

  std::vector<double> truths(double t, const VectorXd& y) const {
    std::vector<double> out;
    graph_.evaluate(comparisons_, leaves(t, y), out);
    return out;
  }
  VectorXd rate(double t, const VectorXd& y) const {
    std::vector<double> out;
    graph_.evaluate(rates_, leaves(t, y), out);
    const std::size_t n = model_.states.size();
    VectorXd f = VectorXd::Zero(static_cast<Eigen::Index>(n + 1));
    for (std::size_t s = 0; s < n; ++s) f[static_cast<Eigen::Index>(s)] = out[s] + inputs_[s];
    if (rows_.empty()) return f;
    const std::vector<double> chance = count_rates(out, y);
    for (std::size_t i = 0; i < rows_.size(); ++i) {
      double& rate = f[rows_[i].state];
      if (few_[i]) {
        rate = 0;
        if (waiting_) f[static_cast<Eigen::Index>(n)] += chance[rates_of_count * i + 2];
        continue;
      }
      double each = chance[rates_of_count * i] - chance[rates_of_count * i + 1];
      for (std::size_t k = 0; k < flows_.size(); ++k) {
        if (flows_[k].from == i && flows_[k].leaves) each -= chance[rates_of_count * rows_.size() + k];
      }
      rate = each * y[rows_[i].state] + chance[rates_of_count * i + 2] * one_[i];
    }
    return f;
  }

  // ---- few cells

  void add_counts() {
    for (const model::Count& count : model_.counts) {
      rows_.push_back({count.state, 0, 0, count.threshold, address_of(model_.states[count.state].name)});
      one_.push_back(value(count.cell));
      rates_.insert(rates_.end(), {count.birth, count.death, count.arrival});
    }
    for (const model::Flow& flow : model_.flows) rates_.push_back(flow.rate);
    few_.assign(rows_.size(), 0);
    cells_.assign(rows_.size(), 0.0);
    roundings_.assign(rows_.size(), 0);
  }
  // A row as Kernels::count_rates makes it, from the values of rates_.
  std::vector<double> count_rates(const std::vector<double>& values, const VectorXd& y) const {
    std::vector<double> row(values.begin() + static_cast<std::ptrdiff_t>(model_.states.size()), values.end());
    for (std::size_t i = 0; i < rows_.size(); ++i) {
      double& arrival = row[rates_of_count * i + 2];
      arrival = (arrival + inputs_[rows_[i].state]) / one_[i];
      for (std::size_t k = 0; k < flows_.size(); ++k) {
        const std::size_t from = flows_[k].from;
        if (flows_[k].to == i && !few_[from]) {
          arrival += row[rates_of_count * rows_.size() + k] * y[rows_[from].state] / one_[from];
        }
      }
    }
    return row;
  }
  std::vector<double> count_rates_now() const {
    std::vector<double> out;
    graph_.evaluate(rates_, leaves(t_, y_), out);
    return count_rates(out, y_);
  }
  bool comes_to_few(const VectorXd& y) const {
    for (std::size_t i = 0; i < rows_.size(); ++i) {
      if (!few_[i] && few_cells(y[rows_[i].state] / one_[i], rows_[i].threshold)) return true;
    }
    return waiting_ && y[y.size() - 1] > 0;
  }
  double slack() const { return rate_slack(plan_.solver.rtol, plan_.small_numbers.grid); }
  Status close_interval() {
    if (!alive_ || !(t_ > opened_)) return Status::Ok;
    std::vector<double> mean = count_rates_now();
    for (std::size_t r = 0; r < mean.size(); ++r) mean[r] = 0.5 * (mean[r] + opening_rates_[r]);
    if (const Status status = judge(mean, slack()); status != Status::Ok) return status;
    for (std::size_t i = 0; i < rows_.size(); ++i) cells_[i] = few_[i] ? cells_[i] : 0;
    draws_.advance(interval_, {mean, t_ - opened_, few_}, cells_);
    for (std::size_t i = 0; i < rows_.size(); ++i) {
      double& y = y_[rows_[i].state];
      y = (few_[i] ? 0 : y) + cells_[i] * one_[i];
    }
    settle();
    return Status::Ok;
  }
  Status open_interval() {
    bool any = false;
    alive_ = false;
    grid_stop_ = infinity;
    for (std::size_t i = 0; i < rows_.size(); ++i) {
      any = any || few_[i];
      alive_ = alive_ || (few_[i] && cells_[i] > 0);
    }
    double& wait = y_[y_.size() - 1];
    if (alive_ || !any)
      wait = 0;
    else if (!waiting_)
      wait = -draws_.wait(interval_.individual, ++waits_);
    waiting_ = any && !alive_;
    if (!any) return Status::Ok;
    opening_rates_ = count_rates_now();
    if (const Status status = judge(opening_rates_, slack()); status != Status::Ok) return status;
    if (!alive_) return Status::Ok;
    const GridStep step = grid_step(t_, plan_.start, plan_.small_numbers.grid, plan_.times);
    interval_.part = step.number == interval_.step ? interval_.part + 1 : 0;
    interval_.step = step.number;
    opened_ = t_;
    grid_stop_ = step.end;
    return Status::Ok;
  }
  void set_cells(std::size_t i, double cells) {
    cells_[i] = cells;
    y_[rows_[i].state] = cells * one_[i];
  }
  void settle_counts() {
    if (waiting_ && y_[y_.size() - 1] > 0) {
      const std::size_t i = draws_.arrived(interval_.individual, waits_, count_rates_now(), few_);
      set_cells(i, cells_[i] + 1);
      waiting_ = false;
    }
    for (std::size_t i = 0; i < rows_.size(); ++i) {
      const double cells = y_[rows_[i].state] / one_[i];
      if (few_[i] ? std::fabs(cells - cells_[i]) > 1e-6 : few_cells(cells, rows_[i].threshold)) {
        set_cells(i, draws_.whole(interval_.individual, i, ++roundings_[i], std::max(0.0, cells)));
        few_[i] = 1;
      }
      if (few_[i] && cells_[i] >= hysteresis * rows_[i].threshold) few_[i] = 0;
    }
  }

  // ---- everything else

  void make_appointments() {
    const double end = plan_.times.back();
    for (const Dose& dose : plan_.protocol.doses) {
      const double first = value(dose.at, 0) + value(dose.lag, 0);
      const double amount = value(dose.amount, 0);
      const double duration = value(dose.duration, 0);
      const double count = std::floor(value(dose.count, 1));
      for (std::uint64_t i = 0; static_cast<double>(i) < count; ++i) {
        const double at = first + static_cast<double>(i) * value(dose.every, 0);
        if (at > end) break;
        if (duration > 0) {
          appointments_.push_back({at, Appointment::Kind::Rate, dose.state, amount / duration});
          appointments_.push_back({at + duration, Appointment::Kind::Rate, dose.state, -amount / duration});
        } else {
          appointments_.push_back({at, Appointment::Kind::Bolus, dose.state, amount});
        }
      }
    }
    for (std::uint32_t e = 0; e < model_.events.size(); ++e) {
      const model::Event& event = model_.events[e];
      if (event.at == no_node) continue;
      const double count = std::floor(value(event.count, 1));
      for (std::uint64_t i = 0; static_cast<double>(i) < count; ++i) {
        const double at = value(event.at) + static_cast<double>(i) * value(event.every, 0);
        if (at >= plan_.start && at <= end) appointments_.push_back({at, Appointment::Kind::Event, e, 0});
      }
    }
    std::stable_sort(appointments_.begin(), appointments_.end(),
                     [](const Appointment& a, const Appointment& b) { return a.time < b.time; });
  }

  double next_time() const { return next_ < appointments_.size() ? appointments_[next_].time : infinity; }
  void keep_appointments() {
    bool any = false;
    for (; next_ < appointments_.size() && appointments_[next_].time <= t_; ++next_) {
      const Appointment& a = appointments_[next_];
      any = true;
      switch (a.kind) {
        case Appointment::Kind::Bolus: y_[static_cast<Eigen::Index>(a.index)] += a.value; break;
        case Appointment::Kind::Rate: inputs_[a.index] += a.value; break;
        case Appointment::Kind::Event: fire(a.index); break;
      }
    }
    if (any) settle();
  }
  void fire(std::uint32_t event) {
    std::vector<double> values;
    for (const model::Assignment& assignment : model_.events[event].set) values.push_back(value(assignment.value));
    for (std::size_t i = 0; i < values.size(); ++i) {
      y_[static_cast<Eigen::Index>(model_.events[event].set[i].state)] = values[i];
    }
  }
  void watch() {
    for (std::size_t w = 0; w < hits_.size(); ++w) {
      if (hits_[w] == infinity && value(plan_.watched[w]) != 0) hits_[w] = t_;
    }
  }
  void settle() {
    for (int round = 0; round < 32; ++round) {
      settle_counts();
      modes_ = truths(t_, y_);
      watch();
      bool fired = false;
      for (std::uint32_t e = 0; e < model_.events.size(); ++e) {
        if (model_.events[e].when == no_node) continue;
        const double now = value(model_.events[e].when);
        const bool rising = now != 0 && conditions_[e] == 0;
        conditions_[e] = now;
        if (rising) fire(e);
        fired = fired || rising;
      }
      if (!fired) return;
    }
  }

  // One Radau IIA step of size h; false when Newton does not converge.
  bool radau(double t, const VectorXd& y, double h, VectorXd& out) const {
    static const double root6 = std::sqrt(6.0);
    static const Eigen::Matrix3d a{{(88 - 7 * root6) / 360, (296 - 169 * root6) / 1800, (-2 + 3 * root6) / 225},
                                   {(296 + 169 * root6) / 1800, (88 + 7 * root6) / 360, (-2 - 3 * root6) / 225},
                                   {(16 - root6) / 36, (16 + root6) / 36, 1.0 / 9}};
    static const double c[3] = {(4 - root6) / 10, (4 + root6) / 10, 1};
    const Eigen::Index n = y.size();
    const MatrixXd j = jacobian(t, y);
    MatrixXd system = MatrixXd::Identity(3 * n, 3 * n);
    for (Eigen::Index r = 0; r < 3; ++r) {
      for (Eigen::Index s = 0; s < 3; ++s) system.block(r * n, s * n, n, n) -= h * a(r, s) * j;
    }
    const Eigen::PartialPivLU<MatrixXd> lu(system);
    VectorXd z = VectorXd::Zero(3 * n);
    double before = infinity;
    for (int iteration = 0; iteration < 30; ++iteration) {
      VectorXd residual = -z;
      for (Eigen::Index s = 0; s < 3; ++s) {
        const VectorXd f = rate(t + c[s] * h, y + z.segment(s * n, n));
        for (Eigen::Index r = 0; r < 3; ++r) residual.segment(r * n, n) += h * a(r, s) * f;
      }
      const VectorXd correction = lu.solve(residual);
      z += correction;
      double size = 0;
      for (Eigen::Index r = 0; r < 3; ++r) size = std::max(size, norm(correction.segment(r * n, n), y, y));
      if (!std::isfinite(size) || size > 2 * before) return false;
      if (size < 1e-3 || (size < 0.1 && size >= before)) {
        out = y + z.segment(2 * n, n);
        return true;
      }
      before = size;
    }
    return false;
  }
  MatrixXd jacobian(double t, const VectorXd& y) const {
    const Eigen::Index n = y.size();
    MatrixXd j(n, n);
    const VectorXd f = rate(t, y);
    for (Eigen::Index s = 0; s < n; ++s) {
      VectorXd moved = y;
      const double delta = 1e-7 * std::max(std::fabs(y[s]), 1e-3 * scale(s));
      moved[s] += delta;
      j.col(s) = (rate(t, moved) - f) / (moved[s] - y[s]);
    }
    return j;
  }
  double scale(Eigen::Index s) const {
    const auto i = static_cast<std::size_t>(s);
    return i < model_.states.size() ? model_.states[i].scale : 1;
  }
  double norm(const VectorXd& error, const VectorXd& before, const VectorXd& after) const {
    double sum = 0;
    for (Eigen::Index s = 0; s < error.size(); ++s) {
      const auto i = static_cast<std::size_t>(s);
      const double atol = i < plan_.solver.atol.size() ? plan_.solver.atol[i] : plan_.solver.rtol * scale(s);
      const double e = error[s] / (atol + plan_.solver.rtol * std::max(std::fabs(before[s]), std::fabs(after[s])));
      sum += e * e;
    }
    return std::sqrt(sum / static_cast<double>(error.size()));
  }

  Status advance(double stop, Results& results) {
    while (t_ < stop) {
      const double left = stop - t_;
      const double h = h_ >= left ? left : std::min(h_, 0.5 * left);
      if (h < 1e-14 * std::max(std::fabs(t_), 1e-6)) return Status::StepTooSmall;
      if (++results.steps.back() > plan_.solver.max_steps) return Status::TooManySteps;
      VectorXd whole, middle, end;
      double error = infinity;
      if (radau(t_, y_, h, whole) && radau(t_, y_, h / 2, middle) && radau(t_ + h / 2, middle, h / 2, end)) {
        error = norm((end - whole) / 31, y_, end);
      }
      if (!(error <= 1)) {
        ++results.rejected.back();
        h_ = h * (std::isfinite(error) ? std::clamp(0.9 * std::pow(error, -0.2), 0.1, 0.9) : 0.25);
        continue;
      }
      const double t_new = h == left ? stop : t_ + h;
      // at the very stop a timed switch belongs to what comes next
      const bool switched = comes_to_few(end) || truths(t_new, end) != modes_;
      const double resolution = 1e-11 * std::max(1.0, std::fabs(t_));
      if (switched && h > resolution) {
        h_ = std::max(0.5 * h, 0.5 * resolution);
        continue;
      }
      t_ = t_new;
      y_ = end;
      if (switched) {
        if (const Status status = close_interval(); status != Status::Ok) return status;
        settle();
        if (const Status status = open_interval(); status != Status::Ok) return status;
        stop = std::min(stop, grid_stop_);
      }
      h_ = h * std::clamp(0.9 * std::pow(std::max(error, 1e-10), -0.2), 0.2, 6.0);
    }
    return Status::Ok;
  }

  const Plan& plan_;
  const model::Model& model_;
  expr::Graph graph_;
  std::vector<double> parameters_, inputs_, modes_, conditions_, hits_;
  std::vector<CountRow> rows_;
  std::vector<FlowRow> flows_;
  CountDraws draws_;
  std::vector<double> one_, cells_, opening_rates_;
  std::vector<char> few_;
  std::vector<std::uint64_t> roundings_;
  CountDraws::Interval interval_;
  double opened_ = 0, grid_stop_ = infinity;
  std::uint64_t waits_ = 0;
  bool alive_ = false, waiting_ = false;
  std::vector<NodeId> rates_, comparisons_;
  std::vector<Appointment> appointments_;
  std::size_t next_ = 0;
  VectorXd y_;
  double t_ = 0, h_ = 0;
};

}  // namespace

void integrate_reference(const Plan& plan, std::span<const double> parameters, Results& results, std::uint64_t individual) {
  results = Results{{}, {Status::Ok}, {0}, {0}, {}};
  results.status[0] = Reference(plan, parameters, individual).run(results);
  if (results.status[0] != Status::Ok) results.values.clear();
  results.values.resize(plan.times.size() * plan.columns.size(), std::numeric_limits<double>::quiet_NaN());
  results.hits.resize(plan.watched.size(), std::numeric_limits<double>::quiet_NaN());
}

}  // namespace carina::ensemble
