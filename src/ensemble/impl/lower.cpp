#include "ensemble/impl/lower.h"

#include <algorithm>
#include <map>
#include <utility>

#include "base/check.h"
#include "ensemble/impl/counts.h"
#include "ensemble/impl/sparse_lu.h"

namespace carina::ensemble {

namespace {

using expr::Graph;
using expr::no_node;
using expr::Node;
using expr::NodeId;
using expr::Op;

constexpr std::uint8_t varying = expr::depends_time | expr::depends_state | expr::depends_mode;

bool fixed(const Graph& graph, NodeId id) { return (graph[id].depends & varying) == 0; }

// Rewrites formulas for execution: a product keeps its fixed factors together in front, and a division by something fixed
// becomes a product with its reciprocal, so that both are computed once an individual.
class Rewriter {
 public:
  explicit Rewriter(Graph& graph) : graph_(graph) {}

  NodeId operator()(NodeId root) {
    for (const NodeId id : graph_.reachable({root})) {
      if (!image_.contains(id)) image_.emplace(id, rewritten(id));
    }
    return image_.at(root);
  }
  void replace(NodeId from, NodeId to) { image_[from] = to; }

 private:
  std::pair<NodeId, NodeId> split(NodeId id) const {
    const Node& node = graph_[id];
    if (node.op == Op::Mul && fixed(graph_, node.a) && !fixed(graph_, node.b)) return {node.a, node.b};
    if (node.op == Op::Mul && fixed(graph_, node.b) && !fixed(graph_, node.a)) return {node.b, node.a};
    return {no_node, id};
  }
  NodeId product(NodeId a, NodeId b) {
    if (fixed(graph_, a) && fixed(graph_, b)) return graph_.mul(a, b);
    if (fixed(graph_, b)) std::swap(a, b);
    const auto [factor, rest] = split(b);
    if (fixed(graph_, a)) return factor == no_node ? graph_.mul(a, b) : graph_.mul(graph_.mul(a, factor), rest);
    const auto [factor_a, rest_a] = split(a);
    if (factor == no_node && factor_a == no_node) return graph_.mul(a, b);
    const NodeId both = factor == no_node ? factor_a : (factor_a == no_node ? factor : graph_.mul(factor_a, factor));
    return graph_.mul(both, graph_.mul(rest_a, rest));
  }
  NodeId rewritten(NodeId id) {
    const Node node = graph_[id];
    switch (expr::operand_count(node.op)) {
      case 0: return id;
      case 1: return graph_.unary(node.op, image_.at(node.a));
      case 3: return graph_.select(image_.at(node.a), image_.at(node.b), image_.at(node.c));
      default: break;
    }
    const NodeId a = image_.at(node.a);
    const NodeId b = image_.at(node.b);
    if (node.op == Op::Mul) return product(a, b);
    if (node.op == Op::Div && fixed(graph_, b) && !fixed(graph_, a)) {
      return product(graph_.div(graph_.constant(1), b), a);
    }
    return graph_.binary(node.op, a, b);
  }

  Graph& graph_;
  std::map<NodeId, NodeId> image_;
};

Code code_of(Op op) {
  switch (op) {
    case Op::Neg: return Code::Neg;
    case Op::Sqrt: return Code::Sqrt;
    case Op::Exp: return Code::Exp;
    case Op::Log: return Code::Log;
    case Op::Tanh: return Code::Tanh;
    case Op::Floor: return Code::Floor;
    case Op::Abs: return Code::Abs;
    case Op::Not: return Code::Not;
    case Op::Add: return Code::Add;
    case Op::Sub: return Code::Sub;
    case Op::Mul: return Code::Mul;
    case Op::Div: return Code::Div;
    case Op::Pow: return Code::Pow;
    case Op::Min: return Code::Min;
    case Op::Max: return Code::Max;
    case Op::Less: return Code::Less;
    case Op::LessEqual: return Code::LessEqual;
    case Op::Equal: return Code::Equal;
    case Op::And: return Code::And;
    case Op::Or: return Code::Or;
    case Op::Select: return Code::Select;
    default: CARINA_CHECK(!"a leaf has no code"); return Code::Constant;
  }
}

// The slots of the fixed values that running programs read.
struct Slots {
  std::map<NodeId, std::uint32_t> of;
  std::vector<NodeId> nodes;
  std::uint32_t operator()(NodeId id) {
    const auto [place, added] = of.try_emplace(id, static_cast<std::uint32_t>(nodes.size()));
    if (added) nodes.push_back(id);
    return place->second;
  }
};

// Layout of array B behind the hoisted slots is not known while slots are still being handed out: modes and inputs get
// provisional rows from here on, moved to their place at the end.
constexpr std::uint32_t mode_rows = 1u << 24;
constexpr std::uint32_t input_rows = 1u << 25;

// Emits graph nodes into a program, fusing products into sums where nobody else needs the product.
class Emitter {
 public:
  Emitter(const Graph& graph, const std::vector<NodeId>& roots, Slots* slots)
      : graph_(graph), slots_(slots), uses_(graph.size(), 0), divisions_(graph.size(), 0) {
    for (const NodeId id : order(roots)) {
      const Node& node = graph_[id];
      for (const NodeId operand : {node.a, node.b, node.c}) {
        if (operand != no_node && !is_leaf(id)) ++uses_[operand];
      }
      if (node.op == Op::Div && !is_leaf(id)) ++divisions_[node.b];
    }
    for (const NodeId root : roots) ++uses_[root];
  }

  ProgramBuilder builder;

  ValueId operator()(NodeId root) {
    for (const NodeId id : order({root})) {
      if (!value_.contains(id) && !is_fused(id)) value_.emplace(id, emit(id));
    }
    return value(root);
  }

 private:
  bool is_leaf(NodeId id) const {
    return expr::operand_count(graph_[id].op) == 0 || (slots_ != nullptr && fixed(graph_, id));
  }
  std::vector<NodeId> order(const std::vector<NodeId>& roots) const {
    std::vector<bool> needed(graph_.size(), false);
    NodeId top = 0;
    for (const NodeId root : roots) {
      needed[root] = true;
      top = std::max(top, root);
    }
    std::vector<NodeId> result;
    if (roots.empty()) return result;
    for (NodeId id = top + 1; id-- > 0;) {
      if (!needed[id]) continue;
      result.push_back(id);
      if (is_leaf(id)) continue;
      for (const NodeId operand : {graph_[id].a, graph_[id].b, graph_[id].c}) {
        if (operand != no_node) needed[operand] = true;
      }
    }
    std::reverse(result.begin(), result.end());
    return result;
  }
  // A product used once is emitted by the sum that uses it; when nothing fuses it, value() emits it late.
  bool is_fused(NodeId id) const { return !is_leaf(id) && graph_[id].op == Op::Mul && uses_[id] == 1; }
  ValueId value(NodeId id) {
    const auto found = value_.find(id);
    if (found != value_.end()) return found->second;
    const ValueId made = emit(id);
    value_.emplace(id, made);
    return made;
  }
  ValueId leaf(NodeId id) {
    const Node& node = graph_[id];
    switch (node.op) {
      case Op::Constant: return builder.constant(node.value);
      case Op::Time: return builder.row(Space::C, 0);
      case Op::State: return builder.row(Space::A, node.index);
      case Op::Mode: return builder.row(Space::B, mode_rows + node.index);
      case Op::Input: return builder.row(Space::B, input_rows + node.index);
      default: break;
    }
    if (slots_ != nullptr) return builder.row(Space::B, (*slots_)(id));
    CARINA_CHECK(node.op == Op::Parameter);
    return builder.row(Space::A, node.index);
  }
  ValueId emit(NodeId id) {
    if (is_leaf(id)) return leaf(id);
    const Node& node = graph_[id];
    if (node.op == Op::Add) {
      for (const auto& [product, other] : {std::pair{node.b, node.a}, std::pair{node.a, node.b}}) {
        if (is_fused(product) && !value_.contains(product)) return fused(Code::Fma, product, other);
      }
    }
    if (node.op == Op::Sub) {
      if (is_fused(node.b) && !value_.contains(node.b)) return fused(Code::Fnma, node.b, node.a);
      if (is_fused(node.a) && !value_.contains(node.a)) return fused(Code::Fms, node.a, node.b);
    }
    if (node.op == Op::Div && (divisions_[node.b] > 1 || graph_.is_constant(node.a, 1))) {
      const ValueId reciprocal = builder.op(Code::Recip, value(node.b));
      return graph_.is_constant(node.a, 1) ? reciprocal : builder.op(Code::Mul, value(node.a), reciprocal);
    }
    const ValueId a = value(node.a);
    const ValueId b = node.b == no_node ? 0 : value(node.b);
    const ValueId c = node.c == no_node ? 0 : value(node.c);
    return builder.op(code_of(node.op), a, b, c);
  }
  ValueId fused(Code code, NodeId product, NodeId other) {
    const ValueId a = value(graph_[product].a);
    const ValueId b = value(graph_[product].b);
    return builder.op(code, a, b, value(other));
  }

  const Graph& graph_;
  Slots* slots_;
  std::vector<std::uint32_t> uses_, divisions_;
  std::map<NodeId, ValueId> value_;
};

Program emit(const Graph& graph, const std::vector<NodeId>& roots, Slots* slots) {
  Emitter emitter(graph, roots, slots);
  for (const NodeId root : roots) emitter.builder.output(emitter(root));
  return emitter.builder.finish();
}

class Lowering {
 public:
  Lowering(const model::Model& model, const std::vector<std::optional<double>>& shared, bool small_numbers)
      : model_(model), graph_(model.graph), rewrite_(graph_), stochastic_(small_numbers && !model.counts.empty()) {
    for (std::uint32_t p = 0; p < shared.size(); ++p) {
      if (shared[p]) rewrite_.replace(graph_.parameter(p), graph_.constant(*shared[p]));
    }
  }

  Kernels run(const Protocol& protocol, const std::vector<NodeId>& columns, const std::vector<NodeId>& watched) {
    out_.states = out_.model_states = static_cast<std::uint32_t>(model_.states.size());
    out_.columns = static_cast<std::uint32_t>(columns.size());
    for (const Dose& dose : protocol.doses) add_dose(dose);
    if (stochastic_) add_counts();
    std::vector<NodeId> rates = located_rates();
    if (stochastic_) add_count_rates(rates);
    std::vector<NodeId> conditions = located_conditions();
    std::vector<NodeId> watches;
    for (const NodeId condition : watched) watches.push_back(located(condition));
    for (NodeId& rate : rates) rate = rewrite_(rate);
    add_integration(rates);
    add_events(conditions);
    for (NodeId& condition : watches) condition = rewrite_(condition);
    out_.watch = emit(graph_, watches, &slots_);
    std::vector<NodeId> observed;
    for (const NodeId column : columns) observed.push_back(rewrite_(column));
    out_.observe = emit(graph_, observed, &slots_);
    out_.guards = emit(graph_, guards_, &slots_);
    add_schedule(protocol);
    add_derive();
    settle_layout();
    return std::move(out_);
  }

 private:
  void add_dose(const Dose& dose) {
    const auto found = std::find(out_.input_states.begin(), out_.input_states.end(), dose.state);
    ScheduledDose scheduled;
    scheduled.state = dose.state;
    scheduled.input = static_cast<std::uint32_t>(found - out_.input_states.begin());
    if (found == out_.input_states.end()) out_.input_states.push_back(dose.state);
    out_.doses.push_back(scheduled);
  }

  // Comparisons become modes: constant within a step, switched where their two sides cross.
  NodeId located(NodeId root) {
    std::vector<NodeId> from, to;
    for (const NodeId id : graph_.reachable({root})) {
      const Node node = graph_[id];
      if (node.op != Op::Less && node.op != Op::LessEqual) continue;
      if ((node.depends & (expr::depends_time | expr::depends_state)) == 0) continue;
      from.push_back(id);
      to.push_back(graph_.mode(mode_of(id, node)));
    }
    return from.empty() ? root : graph_.substitute({root}, from, to)[0];
  }
  std::uint32_t mode_of(NodeId id, const Node& node) {
    const auto known = mode_index_.find(id);
    if (known != mode_index_.end()) return known->second;
    Mode mode;
    mode.or_equal = node.op == Op::LessEqual;
    const NodeId g = rewrite_(located(graph_.sub(node.a, node.b)));
    const NodeId slope = graph_.derivative(g, graph_.time());
    if ((graph_[g].depends & (expr::depends_state | expr::depends_mode)) == 0 && fixed(graph_, slope)) {
      mode.rule = Mode::Rule::Scheduled;
      const NodeId at_zero = graph_.substitute({g}, {graph_.time()}, {graph_.constant(0)})[0];
      mode.at = schedule_row(at_zero);
      mode.slope = schedule_row(slope);
      mode_index_.emplace(id, static_cast<std::uint32_t>(out_.modes.size()));
      out_.modes.push_back(mode);
    } else {
      mode_index_.emplace(id, add_guarded(mode, g));
    }
    return mode_index_.at(id);
  }
  std::uint32_t add_guarded(Mode mode, NodeId g) {
    mode.guard = static_cast<std::uint32_t>(guards_.size());
    guards_.push_back(g);
    out_.modes.push_back(mode);
    return static_cast<std::uint32_t>(out_.modes.size() - 1);
  }
  std::vector<NodeId> located_rates() {
    std::vector<NodeId> rates;
    for (std::uint32_t s = 0; s < out_.states; ++s) {
      rates.push_back(with_input(s, located(model_.states[s].rate)));
    }
    return rates;
  }
  NodeId with_input(std::uint32_t state, NodeId rate) {
    const auto& inputs = out_.input_states;
    return std::find(inputs.begin(), inputs.end(), state) == inputs.end() ? rate : graph_.add(rate, graph_.input(state));
  }

  // A mode for each count, on while it has few cells.
  void add_counts() {
    for (const model::Count& count : model_.counts) {
      CountRow row;
      row.state = count.state;
      row.threshold = count.threshold;
      row.name = address_of(model_.states[count.state].name);
      row.cell = schedule_row(count.cell);
      const NodeId cells = graph_.div(graph_.state(count.state), count.cell);
      Mode mode;
      mode.rule = Mode::Rule::Few;
      row.mode = add_guarded(mode, rewrite_(graph_.sub(cells, graph_.constant(count.threshold))));
      out_.counts.push_back(row);
    }
    out_.flows = flow_rows(model_);
  }
  NodeId few(std::uint32_t count) { return graph_.mode(out_.counts[count].mode); }
  NodeId unless_few(std::uint32_t count, NodeId rate) { return graph_.select(few(count), graph_.constant(0), rate); }

  // What reaches a count by no chance of few cells: from outside, by infusion, and from counts that are still many; in the
  // state's unit.
  NodeId arrival(std::uint32_t index) {
    const model::Count& count = model_.counts[index];
    NodeId sum = with_input(count.state, located(count.arrival));
    for (const model::Flow& flow : model_.flows) {
      if (flow.to != index) continue;
      const model::Count& source = model_.counts[flow.from];
      NodeId cells = graph_.mul(located(flow.rate), graph_.state(source.state));
      if (source.cell != count.cell) cells = graph_.mul(graph_.div(count.cell, source.cell), cells);
      sum = graph_.add(sum, unless_few(flow.from, cells));
    }
    return sum;
  }

  // The rates of counts stop where there are few cells; what the worker draws from stands in a program of its own.
  void add_count_rates(std::vector<NodeId>& rates) {
    std::vector<NodeId> roots;
    NodeId waited = graph_.constant(0);
    for (std::uint32_t i = 0; i < model_.counts.size(); ++i) {
      const model::Count& count = model_.counts[i];
      const NodeId birth = located(count.birth), death = located(count.death), coming = arrival(i);
      NodeId each = graph_.sub(birth, death);
      for (const model::Flow& flow : model_.flows) {
        if (flow.from == i && flow.kind != model::Flow::Kind::Mutation) each = graph_.sub(each, located(flow.rate));
      }
      rates[count.state] = unless_few(i, graph_.add(graph_.mul(each, graph_.state(count.state)), coming));
      const NodeId cells = graph_.div(coming, count.cell);
      roots.insert(roots.end(), {birth, death, cells});
      waited = graph_.add(waited, graph_.select(few(i), cells, graph_.constant(0)));
    }
    for (const model::Flow& flow : model_.flows) roots.push_back(located(flow.rate));
    for (NodeId& root : roots) root = rewrite_(root);
    out_.count_rates = emit(graph_, roots, &slots_);
    if (!graph_.is_constant(waited, 0)) add_wait(waited, rates);
  }

  // The wait for the first arrival is over when an intensity, added up, reaches a number drawn beforehand.
  void add_wait(NodeId intensity, std::vector<NodeId>& rates) {
    out_.arrivals_state = out_.states++;
    Mode mode;
    mode.rule = Mode::Rule::Waiting;
    out_.waiting_mode = add_guarded(mode, graph_.unary(Op::Neg, graph_.state(out_.arrivals_state)));
    rates.push_back(graph_.select(graph_.mode(out_.waiting_mode), intensity, graph_.constant(0)));
  }
  std::vector<NodeId> located_conditions() {
    std::vector<NodeId> conditions;
    for (const model::Event& event : model_.events) {
      conditions.push_back(event.when == no_node ? no_node : located(event.when));
    }
    return conditions;
  }

  void add_integration(const std::vector<NodeId>& rates) {
    out_.rates = emit(graph_, rates, &slots_);
    std::vector<SparseLu::Place> pattern;
    std::vector<NodeId> roots = rates;
    for (std::uint32_t row = 0; row < out_.states; ++row) {
      for (std::uint32_t column = 0; column < out_.states; ++column) {
        const NodeId entry = rewrite_(graph_.derivative(rates[row], graph_.state(column)));
        if (graph_.is_constant(entry, 0)) continue;
        pattern.push_back({row, column});
        roots.push_back(entry);
      }
    }
    const std::size_t slopes_at = roots.size();
    for (std::uint32_t row = 0; row < out_.states; ++row) {
      const NodeId slope = rewrite_(graph_.derivative(rates[row], graph_.time()));
      if (graph_.is_constant(slope, 0)) continue;
      out_.time_rows.push_back(row);
      roots.push_back(slope);
    }
    const SparseLu lu(out_.states, pattern);
    out_.factor_rows = lu.rows();

    Emitter open(graph_, roots, &slots_);
    std::vector<ValueId> values;
    for (const NodeId root : roots) values.push_back(open(root));
    const auto slopes = values.begin() + static_cast<std::ptrdiff_t>(slopes_at);
    const std::vector<ValueId> entries(values.begin() + static_cast<std::ptrdiff_t>(rates.size()), slopes);
    std::vector<ValueId> right(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(rates.size()));
    for (std::size_t i = 0; i < out_.time_rows.size(); ++i) {
      ValueId& b = right[out_.time_rows[i]];
      b = open.builder.op(Code::Fma, slopes[static_cast<std::ptrdiff_t>(i)], open.builder.row(Space::C, 2), b);
    }
    const std::vector<ValueId> factors = lu.factor(open.builder, entries, open.builder.row(Space::C, 1));
    for (const ValueId k : lu.solve(open.builder, factors, right)) open.builder.output(k);
    for (const ValueId factor : factors) open.builder.output(factor);
    for (auto slope = slopes; slope != values.end(); ++slope) open.builder.output(*slope);
    out_.open = open.builder.finish();

    Emitter stage(graph_, rates, &slots_);
    std::vector<ValueId> rows, b;
    for (std::uint32_t r = 0; r < out_.factor_rows; ++r) rows.push_back(stage.builder.row(Space::D, r));
    for (std::uint32_t s = 0; s < out_.states; ++s) {
      b.push_back(stage.builder.op(Code::Add, stage(rates[s]), stage.builder.row(Space::C, s + 1)));
    }
    for (const ValueId k : lu.solve(stage.builder, rows, b)) stage.builder.output(k);
    out_.stage = stage.builder.finish();
  }

  void add_events(const std::vector<NodeId>& conditions) {
    for (std::size_t e = 0; e < model_.events.size(); ++e) {
      const model::Event& event = model_.events[e];
      EventPrograms programs;
      if (conditions[e] != no_node) programs.condition = emit(graph_, {rewrite_(conditions[e])}, &slots_);
      std::vector<NodeId> values;
      for (const model::Assignment& assignment : event.set) {
        programs.states.push_back(assignment.state);
        values.push_back(rewrite_(assignment.value));
      }
      programs.assign = emit(graph_, values, &slots_);
      out_.events.push_back(std::move(programs));
    }
  }

  std::uint32_t schedule_row(NodeId node) {
    if (node == no_node) return absent;
    schedule_.push_back(rewrite_(node));
    return static_cast<std::uint32_t>(schedule_.size() - 1);
  }
  void add_schedule(const Protocol& protocol) {
    for (std::size_t d = 0; d < protocol.doses.size(); ++d) {
      const Dose& dose = protocol.doses[d];
      ScheduledDose& scheduled = out_.doses[d];
      scheduled.at = schedule_row(dose.at);
      scheduled.amount = schedule_row(dose.amount);
      scheduled.duration = schedule_row(dose.duration);
      scheduled.every = schedule_row(dose.every);
      scheduled.count = schedule_row(dose.count);
      scheduled.lag = schedule_row(dose.lag);
    }
    for (std::uint32_t e = 0; e < model_.events.size(); ++e) {
      const model::Event& event = model_.events[e];
      if (event.at == no_node) continue;
      out_.timed_events.push_back({e, schedule_row(event.at), schedule_row(event.every), schedule_row(event.count)});
    }
  }

  void add_derive() {
    std::vector<NodeId> roots = slots_.nodes;
    out_.hoisted = static_cast<std::uint32_t>(roots.size());
    out_.starts_at = out_.hoisted;
    for (const model::State& state : model_.states) roots.push_back(rewrite_(state.start));
    if (out_.arrivals_state != absent) roots.push_back(graph_.constant(0));
    const auto schedule_at = static_cast<std::uint32_t>(roots.size());
    roots.insert(roots.end(), schedule_.begin(), schedule_.end());
    for (const NodeId root : roots) CARINA_CHECK(fixed(graph_, root));
    out_.derive = emit(graph_, roots, nullptr);
    out_.derived_rows = static_cast<std::uint32_t>(roots.size());
    const auto shift = [&](std::uint32_t& row) { row = row == absent ? absent : row + schedule_at; };
    for (ScheduledDose& dose : out_.doses) {
      for (std::uint32_t* row : {&dose.at, &dose.amount, &dose.duration, &dose.every, &dose.count, &dose.lag}) shift(*row);
    }
    for (ScheduledEvent& event : out_.timed_events) {
      for (std::uint32_t* row : {&event.at, &event.every, &event.count}) shift(*row);
    }
    for (Mode& mode : out_.modes) {
      if (mode.rule != Mode::Rule::Scheduled) continue;
      shift(mode.at);
      shift(mode.slope);
    }
    for (CountRow& count : out_.counts) shift(count.cell);
  }

  void settle_layout() {
    out_.modes_at = out_.hoisted;
    out_.inputs_at = out_.modes_at + static_cast<std::uint32_t>(out_.modes.size());
    out_.slots = out_.inputs_at + static_cast<std::uint32_t>(out_.input_states.size());
    const auto settle = [&](Program& program) {
      for (Instruction& i : program.code) {
        if (i.code != Code::Row || i.space != Space::B || i.row < mode_rows) continue;
        if (i.row < input_rows) {
          i.row = out_.modes_at + (i.row - mode_rows);
        } else {
          const auto found = std::find(out_.input_states.begin(), out_.input_states.end(), i.row - input_rows);
          CARINA_CHECK(found != out_.input_states.end());
          i.row = out_.inputs_at + static_cast<std::uint32_t>(found - out_.input_states.begin());
        }
      }
    };
    for (Program* program :
         {&out_.rates, &out_.open, &out_.stage, &out_.observe, &out_.guards, &out_.count_rates, &out_.watch})
      settle(*program);
    for (EventPrograms& event : out_.events) {
      if (event.condition) settle(*event.condition);
      settle(event.assign);
    }
  }

  const model::Model& model_;
  Graph graph_;
  Rewriter rewrite_;
  Slots slots_;
  std::map<NodeId, std::uint32_t> mode_index_;
  std::vector<NodeId> guards_, schedule_;
  bool stochastic_;
  Kernels out_;
};

}  // namespace

Kernels lower(const Plan& plan) {
  return Lowering(*plan.model, plan.shared, plan.small_numbers.stochastic).run(plan.protocol, plan.columns, plan.watched);
}

Program lower_formulas(const Graph& graph, const std::vector<NodeId>& roots) { return emit(graph, roots, nullptr); }

}  // namespace carina::ensemble
