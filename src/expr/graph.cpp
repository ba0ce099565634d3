#include "expr/graph.h"

#include <algorithm>
#include <bit>
#include <cmath>

#include "base/check.h"
#include "base/math.h"

namespace carina::expr {

int operand_count(Op op) {
  switch (op) {
    case Op::Constant:
    case Op::Time:
    case Op::State:
    case Op::Parameter:
    case Op::Mode:
    case Op::Input: return 0;
    case Op::Neg:
    case Op::Sqrt:
    case Op::Exp:
    case Op::Log:
    case Op::Tanh:
    case Op::Floor:
    case Op::Abs:
    case Op::Not: return 1;
    case Op::Select: return 3;
    default: return 2;
  }
}

namespace {

// The functions that a value is computed with: the C library's for the specification, ours for folded constants (whose
// bits end in results).
struct LibraryFunctions {
  static double exp(double x) { return std::exp(x); }
  static double log(double x) { return std::log(x); }
  static double tanh(double x) { return std::tanh(x); }
  static double pow(double a, double b) {
    if (a <= 0) return b > 0 ? 0.0 : (b < 0 ? HUGE_VAL : 1.0);
    return std::pow(a, b);
  }
};

struct OurFunctions {
  static double exp(double x) { return math::exp(x); }
  static double log(double x) { return math::log(x); }
  static double tanh(double x) { return math::tanh(x); }
  static double pow(double a, double b) { return math::pow(a, b); }
};

template <class Functions>
double apply(Op op, double a, double b, double c) {
  switch (op) {
    case Op::Neg: return -a;
    case Op::Sqrt: return std::sqrt(a);
    case Op::Exp: return Functions::exp(a);
    case Op::Log: return Functions::log(a);
    case Op::Tanh: return Functions::tanh(a);
    case Op::Floor: return std::floor(a);
    case Op::Abs: return std::fabs(a);
    case Op::Not: return a == 0 ? 1 : 0;
    case Op::Add: return a + b;
    case Op::Sub: return a - b;
    case Op::Mul: return a * b;
    case Op::Div: return a / b;
    case Op::Pow: return Functions::pow(a, b);
    case Op::Min: return a < b ? a : b;
    case Op::Max: return a < b ? b : a;
    case Op::Less: return a < b ? 1 : 0;
    case Op::LessEqual: return a <= b ? 1 : 0;
    case Op::Equal: return a == b ? 1 : 0;
    case Op::And: return a != 0 && b != 0 ? 1 : 0;
    case Op::Or: return a != 0 || b != 0 ? 1 : 0;
    case Op::Select: return a != 0 ? b : c;
    default: CARINA_CHECK(!"leaves have no operands"); return 0;
  }
}

bool commutes(Op op) { return op == Op::Add || op == Op::Mul || op == Op::And || op == Op::Or || op == Op::Equal; }

}  // namespace

std::size_t Graph::KeyHash::operator()(const Key& key) const {
  std::uint64_t h = static_cast<std::uint64_t>(key.op) * 0x9e3779b97f4a7c15u;
  for (const std::uint64_t part : {std::uint64_t{key.a}, std::uint64_t{key.b}, std::uint64_t{key.c}, key.bits}) {
    h = (h ^ part) * 0xff51afd7ed558ccdu;
    h ^= h >> 33;
  }
  return static_cast<std::size_t>(h);
}

NodeId Graph::intern(Node node) {
  const std::uint64_t bits = node.op == Op::Constant ? std::bit_cast<std::uint64_t>(node.value) : std::uint64_t{node.index};
  const Key key{node.op, node.a, node.b, node.c, bits};
  const auto [place, added] = index_.try_emplace(key, static_cast<NodeId>(nodes_.size()));
  if (!added) return place->second;
  for (const NodeId operand : {node.a, node.b, node.c}) {
    if (operand == no_node) continue;
    CARINA_CHECK(operand < nodes_.size());
    node.depends = static_cast<std::uint8_t>(node.depends | nodes_[operand].depends);
  }
  nodes_.push_back(node);
  return place->second;
}

NodeId Graph::leaf(Op op, std::uint32_t index, std::uint8_t depends) {
  Node node;
  node.op = op;
  node.index = index;
  node.depends = depends;
  return intern(node);
}

NodeId Graph::constant(double value) {
  Node node;
  node.value = value == 0 ? 0.0 : value;
  return intern(node);
}

NodeId Graph::time() { return leaf(Op::Time, 0, depends_time); }
NodeId Graph::state(std::uint32_t index) { return leaf(Op::State, index, depends_state); }
NodeId Graph::parameter(std::uint32_t index) { return leaf(Op::Parameter, index, depends_parameter); }
NodeId Graph::mode(std::uint32_t index) { return leaf(Op::Mode, index, depends_mode); }
NodeId Graph::input(std::uint32_t index) { return leaf(Op::Input, index, depends_mode); }

bool Graph::is_constant(NodeId id, double value) const { return nodes_[id].op == Op::Constant && nodes_[id].value == value; }

NodeId Graph::unary(Op op, NodeId a) {
  const Node x = nodes_[a];
  if (x.op == Op::Constant) return constant(apply<OurFunctions>(op, x.value, 0, 0));
  if (op == Op::Neg && x.op == Op::Neg) return x.a;
  if (op == Op::Neg && x.op == Op::Sub) return sub(x.b, x.a);
  if (op == Op::Not && x.op == Op::Less) return binary(Op::LessEqual, x.b, x.a);
  if (op == Op::Not && x.op == Op::LessEqual) return binary(Op::Less, x.b, x.a);
  Node node;
  node.op = op;
  node.a = a;
  return intern(node);
}

NodeId Graph::binary(Op op, NodeId a, NodeId b) {
  if (nodes_[a].op == Op::Constant && nodes_[b].op == Op::Constant) {
    return constant(apply<OurFunctions>(op, nodes_[a].value, nodes_[b].value, 0));
  }
  switch (op) {
    case Op::Add: return simplified_add(a, b);
    case Op::Sub: return simplified_sub(a, b);
    case Op::Mul: return simplified_mul(a, b);
    case Op::Div: return simplified_div(a, b);
    case Op::Pow: return simplified_pow(a, b);
    case Op::Min:
    case Op::Max:
      if (a == b) return a;
      break;
    case Op::And:
      if (is_constant(a, 0) || is_constant(b, 0)) return constant(0);
      if (a == b) return a;
      break;
    case Op::Or:
      if (is_constant(a, 0)) return b;
      if (is_constant(b, 0) || a == b) return a;
      break;
    default: break;
  }
  if (commutes(op) && b < a) std::swap(a, b);
  Node node;
  node.op = op;
  node.a = a;
  node.b = b;
  return intern(node);
}

NodeId Graph::simplified_add(NodeId a, NodeId b) {
  if (is_constant(a, 0)) return b;
  if (is_constant(b, 0)) return a;
  if (a == b) return mul(constant(2), a);
  if (nodes_[b].op == Op::Neg) return sub(a, nodes_[b].a);
  if (nodes_[a].op == Op::Neg) return sub(b, nodes_[a].a);
  Node node;
  node.op = Op::Add;
  node.a = std::min(a, b);
  node.b = std::max(a, b);
  return intern(node);
}

NodeId Graph::simplified_sub(NodeId a, NodeId b) {
  if (is_constant(b, 0)) return a;
  if (a == b) return constant(0);
  if (is_constant(a, 0)) return unary(Op::Neg, b);
  if (nodes_[b].op == Op::Neg) return add(a, nodes_[b].a);
  Node node;
  node.op = Op::Sub;
  node.a = a;
  node.b = b;
  return intern(node);
}

NodeId Graph::simplified_mul(NodeId a, NodeId b) {
  if (nodes_[b].op == Op::Constant) std::swap(a, b);
  if (is_constant(a, 0)) return a;
  if (is_constant(a, 1)) return b;
  if (is_constant(a, -1)) return unary(Op::Neg, b);
  if (nodes_[a].op == Op::Neg) return unary(Op::Neg, mul(nodes_[a].a, b));
  if (nodes_[b].op == Op::Neg) return unary(Op::Neg, mul(a, nodes_[b].a));
  const Node y = nodes_[b];
  if (nodes_[a].op == Op::Constant && y.op == Op::Mul && nodes_[y.a].op == Op::Constant) {
    return mul(constant(nodes_[a].value * nodes_[y.a].value), y.b);
  }
  if (nodes_[a].op == Op::Constant && y.op == Op::Select &&
      (nodes_[y.b].op == Op::Constant || nodes_[y.c].op == Op::Constant)) {
    return select(y.a, mul(a, y.b), mul(a, y.c));
  }
  Node node;
  node.op = Op::Mul;
  // a constant stays first so that factors meet and fold
  node.a = nodes_[a].op == Op::Constant ? a : std::min(a, b);
  node.b = nodes_[a].op == Op::Constant ? b : std::max(a, b);
  return intern(node);
}

NodeId Graph::simplified_div(NodeId a, NodeId b) {
  if (is_constant(b, 1)) return a;
  if (is_constant(a, 0)) return a;
  if (a == b) return constant(1);
  if (nodes_[a].op == Op::Neg) return unary(Op::Neg, div(nodes_[a].a, b));
  if (nodes_[b].op == Op::Neg) return unary(Op::Neg, div(a, nodes_[b].a));
  Node node;
  node.op = Op::Div;
  node.a = a;
  node.b = b;
  return intern(node);
}

NodeId Graph::simplified_pow(NodeId a, NodeId b) {
  if (is_constant(a, 1)) return a;
  if (nodes_[b].op == Op::Constant) {
    const double exponent = nodes_[b].value;
    if (exponent == 0) return constant(1);
    if (exponent == 0.5) return unary(Op::Sqrt, a);
    const double size = std::fabs(exponent);
    if (size == std::floor(size) && size <= 16) {
      NodeId product = no_node;
      NodeId square = a;
      for (unsigned n = static_cast<unsigned>(size); n != 0; n >>= 1) {
        if (n & 1u) product = product == no_node ? square : mul(product, square);
        if (n > 1) square = mul(square, square);
      }
      return exponent > 0 ? product : div(constant(1), product);
    }
  }
  Node node;
  node.op = Op::Pow;
  node.a = a;
  node.b = b;
  return intern(node);
}

NodeId Graph::select(NodeId condition, NodeId yes, NodeId no) {
  if (nodes_[condition].op == Op::Constant) return nodes_[condition].value != 0 ? yes : no;
  if (yes == no) return yes;
  if (nodes_[condition].op == Op::Not) return select(nodes_[condition].a, no, yes);
  Node node;
  node.op = Op::Select;
  node.a = condition;
  node.b = yes;
  node.c = no;
  return intern(node);
}

std::vector<NodeId> Graph::reachable(const std::vector<NodeId>& roots) const {
  std::vector<bool> needed(nodes_.size(), false);
  NodeId top = 0;
  for (const NodeId root : roots) {
    CARINA_CHECK(root < nodes_.size());
    needed[root] = true;
    top = std::max(top, root);
  }
  std::vector<NodeId> order;
  if (roots.empty()) return order;
  for (NodeId id = top + 1; id-- > 0;) {
    if (!needed[id]) continue;
    order.push_back(id);
    for (const NodeId operand : {nodes_[id].a, nodes_[id].b, nodes_[id].c}) {
      if (operand != no_node) needed[operand] = true;
    }
  }
  std::reverse(order.begin(), order.end());
  return order;
}

NodeId Graph::derivative(NodeId f, NodeId leaf) {
  auto& known = derivatives_[leaf];
  for (const NodeId id : reachable({f})) {
    if (known.contains(id)) continue;
    const NodeId value = id == leaf ? constant(1) : derivative_of(id, leaf, known);
    known.emplace(id, value);
  }
  return known.at(f);
}

NodeId Graph::pow_derivative(NodeId f, NodeId da, NodeId db) {
  const Node node = nodes_[f];
  const NodeId slope = mul(node.b, div(f, node.a));
  NodeId sum = mul(slope, da);
  if (!is_constant(db, 0)) sum = add(sum, mul(mul(f, unary(Op::Log, node.a)), db));
  return select(binary(Op::Less, constant(0), node.a), sum, constant(0));
}

NodeId Graph::derivative_of(NodeId f, NodeId leaf, const std::unordered_map<NodeId, NodeId>& known) {
  const Node node = nodes_[f];
  if ((node.depends & nodes_[leaf].depends) == 0 || operand_count(node.op) == 0) return constant(0);
  const NodeId da = known.at(node.a);
  const NodeId db = node.b == no_node ? no_node : known.at(node.b);
  switch (node.op) {
    case Op::Neg: return unary(Op::Neg, da);
    case Op::Sqrt: return div(mul(constant(0.5), da), f);
    case Op::Exp: return mul(f, da);
    case Op::Log: return div(da, node.a);
    case Op::Tanh: return mul(sub(constant(1), mul(f, f)), da);
    case Op::Abs: return select(binary(Op::Less, node.a, constant(0)), unary(Op::Neg, da), da);
    case Op::Add: return add(da, db);
    case Op::Sub: return sub(da, db);
    case Op::Mul: return add(mul(da, node.b), mul(node.a, db));
    case Op::Div: return div(sub(da, mul(f, db)), node.b);
    case Op::Pow: return is_constant(da, 0) && is_constant(db, 0) ? da : pow_derivative(f, da, db);
    case Op::Min: return select(binary(Op::Less, node.a, node.b), da, db);
    case Op::Max: return select(binary(Op::Less, node.a, node.b), db, da);
    case Op::Select: return select(node.a, db, known.at(node.c));
    default: return constant(0);
  }
}

std::vector<NodeId> Graph::substitute(const std::vector<NodeId>& roots, const std::vector<NodeId>& from,
                                      const std::vector<NodeId>& to) {
  CARINA_CHECK(from.size() == to.size());
  std::unordered_map<NodeId, NodeId> image;
  for (std::size_t i = 0; i < from.size(); ++i) image.emplace(from[i], to[i]);
  for (const NodeId id : reachable(roots)) {
    if (image.contains(id)) continue;
    const Node node = nodes_[id];
    NodeId copy = id;
    switch (operand_count(node.op)) {
      case 0: break;
      case 1: copy = unary(node.op, image.at(node.a)); break;
      case 2: copy = binary(node.op, image.at(node.a), image.at(node.b)); break;
      default: copy = select(image.at(node.a), image.at(node.b), image.at(node.c)); break;
    }
    image.emplace(id, copy);
  }
  std::vector<NodeId> result;
  for (const NodeId root : roots) result.push_back(image.at(root));
  return result;
}

void Graph::evaluate(const std::vector<NodeId>& roots, const Leaves& leaves, std::vector<double>& values) const {
  std::vector<double> value(nodes_.size());
  const auto at = [&](NodeId id) { return id == no_node ? 0.0 : value[id]; };
  for (const NodeId id : reachable(roots)) {
    const Node& node = nodes_[id];
    switch (node.op) {
      case Op::Constant: value[id] = node.value; break;
      case Op::Time: value[id] = leaves.time; break;
      case Op::State: value[id] = leaves.states[node.index]; break;
      case Op::Parameter: value[id] = leaves.parameters[node.index]; break;
      case Op::Mode: value[id] = leaves.modes[node.index]; break;
      case Op::Input: value[id] = leaves.inputs == nullptr ? 0.0 : leaves.inputs[node.index]; break;
      default: value[id] = apply<LibraryFunctions>(node.op, at(node.a), at(node.b), at(node.c)); break;
    }
  }
  values.clear();
  for (const NodeId root : roots) values.push_back(value[root]);
}

double Graph::evaluate(NodeId root, const Leaves& leaves) const {
  std::vector<double> values;
  evaluate(std::vector<NodeId>{root}, leaves, values);
  return values[0];
}

}  // namespace carina::expr
