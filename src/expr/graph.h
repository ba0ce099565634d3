/// @file
/// The expression graph: every formula of a model as nodes of one hash-consed table. Equal formulas are one node, the
/// constructors simplify as they build (constants fold, x*1, x+0, x^2 ...), and `derivative` gives the exact derivative
/// as more nodes. Values are plain doubles in the model's declared units: units were checked before a node was made
/// (expr/resolve.h).
///
/// Truth values are 1 and 0. Division is kept as written; how it is executed is the ensemble's business.
#pragma once

#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

namespace carina::expr {

/// Index of a node in its Graph.
using NodeId = std::uint32_t;

/// No node.
inline constexpr NodeId no_node = 0xffffffffu;

/// What a node is. The comment gives its operands.
enum class Op : std::uint8_t {
  Constant,   ///< value
  Time,       ///< model time
  State,      ///< index of the state
  Parameter,  ///< index of the parameter (or covariate)
  Mode,       ///< index of a frozen condition, 1 or 0; its switching is located by the integrator
  Input,      ///< index of the state whose infusion rate this is
  Neg,        ///< a
  Sqrt,       ///< a
  Exp,        ///< a
  Log,        ///< a, natural
  Tanh,       ///< a
  Floor,      ///< a
  Abs,        ///< a
  Not,        ///< a
  Add,        ///< a, b
  Sub,        ///< a, b
  Mul,        ///< a, b
  Div,        ///< a, b
  Pow,        ///< a, b; a <= 0 gives 0 for b > 0 (see math.h)
  Min,        ///< a, b
  Max,        ///< a, b
  Less,       ///< a, b: a < b
  LessEqual,  ///< a, b: a <= b
  Equal,      ///< a, b: a == b
  And,        ///< a, b
  Or,         ///< a, b
  Select,     ///< a, b, c: a ? b : c
};

/// Number of operands of `op`, 0 to 3.
int operand_count(Op op);

/// @name What a node's value may change with, as bits.
/// @{
inline constexpr std::uint8_t depends_parameter = 1;  ///< a parameter or covariate
inline constexpr std::uint8_t depends_time = 2;       ///< model time
inline constexpr std::uint8_t depends_state = 4;      ///< a state
inline constexpr std::uint8_t depends_mode = 8;       ///< a mode or an input rate: constant between events
/// @}

/// One node.
struct Node {
  Op op = Op::Constant;      ///< what it is
  std::uint8_t depends = 0;  ///< bits of depends_...
  NodeId a = no_node;        ///< first operand
  NodeId b = no_node;        ///< second operand
  NodeId c = no_node;        ///< third operand
  std::uint32_t index = 0;   ///< for State, Parameter, Mode, Input
  double value = 0;          ///< for Constant
};

/// Values of the leaves, for `evaluate`.
struct Leaves {
  double time = 0;                     ///< model time
  const double* states = nullptr;      ///< one value a state
  const double* parameters = nullptr;  ///< one value a parameter
  const double* modes = nullptr;       ///< one value a mode
  const double* inputs = nullptr;      ///< one value a state
};

/// A table of nodes. Grows only; a NodeId stays valid.
class Graph {
 public:
  /// The node `id`.
  const Node& operator[](NodeId id) const { return nodes_[id]; }
  /// How many nodes there are; operands always come before their users.
  std::size_t size() const { return nodes_.size(); }

  /// A constant; every zero is +0.
  NodeId constant(double value);
  /// Model time.
  NodeId time();
  /// State number `index`.
  NodeId state(std::uint32_t index);
  /// Parameter number `index`.
  NodeId parameter(std::uint32_t index);
  /// Mode number `index`.
  NodeId mode(std::uint32_t index);
  /// Infusion rate into state number `index`.
  NodeId input(std::uint32_t index);

  /// A node with one operand, simplified.
  NodeId unary(Op op, NodeId a);
  /// A node with two operands, simplified.
  NodeId binary(Op op, NodeId a, NodeId b);
  /// condition ? yes : no, simplified.
  NodeId select(NodeId condition, NodeId yes, NodeId no);

  /// a + b
  NodeId add(NodeId a, NodeId b) { return binary(Op::Add, a, b); }
  /// a - b
  NodeId sub(NodeId a, NodeId b) { return binary(Op::Sub, a, b); }
  /// a * b
  NodeId mul(NodeId a, NodeId b) { return binary(Op::Mul, a, b); }
  /// a / b
  NodeId div(NodeId a, NodeId b) { return binary(Op::Div, a, b); }

  /// d f / d leaf, where leaf is a State, Parameter or Time node. Conditions count as constant, floor as flat.
  NodeId derivative(NodeId f, NodeId leaf);

  /// True when `id` is the constant `value`.
  bool is_constant(NodeId id, double value) const;

  /// `roots` with each node of `from` replaced by the node beside it in `to` (rebuilt and simplified).
  std::vector<NodeId> substitute(const std::vector<NodeId>& roots, const std::vector<NodeId>& from,
                                 const std::vector<NodeId>& to);

  /// The nodes that `roots` need, operands first.
  std::vector<NodeId> reachable(const std::vector<NodeId>& roots) const;

  /// The value of `root` by the plain rules, with the C library's exp, log, pow and tanh: the specification that the
  /// compiled programs are tested against.
  double evaluate(NodeId root, const Leaves& leaves) const;
  /// The values of several roots in one pass.
  void evaluate(const std::vector<NodeId>& roots, const Leaves& leaves, std::vector<double>& values) const;

 private:
  struct Key {
    Op op;
    NodeId a, b, c;
    std::uint64_t bits;
    bool operator==(const Key&) const = default;
  };
  struct KeyHash {
    std::size_t operator()(const Key& key) const;
  };
  NodeId intern(Node node);
  NodeId leaf(Op op, std::uint32_t index, std::uint8_t depends);
  NodeId simplified_add(NodeId a, NodeId b);
  NodeId simplified_sub(NodeId a, NodeId b);
  NodeId simplified_mul(NodeId a, NodeId b);
  NodeId simplified_div(NodeId a, NodeId b);
  NodeId simplified_pow(NodeId a, NodeId b);
  NodeId derivative_of(NodeId f, NodeId leaf, const std::unordered_map<NodeId, NodeId>& known);
  NodeId pow_derivative(NodeId f, NodeId da, NodeId db);

  std::vector<Node> nodes_;
  std::unordered_map<Key, NodeId, KeyHash> index_;
  std::unordered_map<NodeId, std::unordered_map<NodeId, NodeId>> derivatives_;  // leaf -> f -> d f / d leaf
};

}  // namespace carina::expr
