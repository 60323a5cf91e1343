"""A graph by numbers is the same by whichever function, and numbers say what is computed from what."""

from hypothesis import given
from hypothesis import strategies as st

from autograd import Value, apply, record
from autograd.graph import topological_order
from autograd.ops import TABLE, Op
from autograd.replay.numbering import descendants, numbered, plain_descendants, plainly_numbered

ROWS = [*TABLE.values(), Op("cube", "cube", "a * a * a", ("3 * a * a",))]


@st.composite
def graphs(draw):
    """Inputs, and the nodes of a graph of them and of other leaves, some with labels."""
    index = st.integers(0, 10**6)
    labels = st.sampled_from(["", "w", "sum"])
    inputs = [Value(0.5, label=draw(labels)) for _ in range(draw(st.integers(0, 3)))]
    leaves = [
        Value(0.25, label=draw(labels), requires_grad=draw(st.booleans())) for _ in range(draw(st.integers(1, 4)))
    ]
    nodes = [*inputs, *leaves]
    for row, a, b in draw(st.lists(st.tuples(index, index, index), max_size=20)):
        op = ROWS[row % len(ROWS)]
        nodes.append(apply(op, *[nodes[i % len(nodes)] for i in (a, b)[: len(op.operands)]]))
        nodes[-1].label = draw(labels)
    return inputs, nodes


@given(graphs(), st.integers(0, 10**6))
def test_a_graph_is_numbered_the_same_by_both(graph, pick):
    inputs, nodes = graph
    outputs = [nodes[-1], nodes[pick % len(nodes)], nodes[-1]]
    order = list(dict.fromkeys(node for root in outputs for node in topological_order(root)))
    one, other = numbered(inputs, order, outputs), plainly_numbered(inputs, order, outputs)
    assert list(one.operations) == list(other.operations)
    assert one.operations.operands.tolist() == other.operations.operands.tolist()
    assert one._replace(operations=None) == other._replace(operations=None)


@given(graphs())
def test_numbers_say_what_was_computed_from_what(graph):
    inputs, nodes = graph
    order = topological_order(nodes[-1])
    leaves, are_variables, operations, outputs, labels = numbered(inputs, order, order[-1:])
    by_number = [*inputs, *leaves, *[node for node in order if not node.is_leaf]]
    assert [by_number[i] for i in outputs] == order[-1:]
    assert labels == {i: node.label for i, node in enumerate(by_number) if node.label and node not in leaves}
    assert list(are_variables) == [leaf.requires_grad for leaf in leaves]
    made = by_number[len(by_number) - len(operations) :]
    assert [(node.op, node.inputs) for node in made] == [(op, tuple(by_number[i] for i in x)) for op, x in operations]


@given(graphs(), st.data())
def test_descendants_are_what_is_computed_from_their_ancestors(graph, data):
    inputs, nodes = graph
    order = topological_order(nodes[-1])
    leaves, _, operations, _, _ = numbered(inputs, order, order[-1:])
    count = len(inputs) + len(leaves)
    ancestors = data.draw(st.lists(st.integers(0, count - 1)))
    found = descendants(ancestors, count, operations.operands)
    assert found == plain_descendants(ancestors, count, operations.operands)
    for i, (_, operands) in enumerate(operations, count):
        assert found[i] == any(found[x] for x in operands)
    assert {i for i in range(count) if found[i]} == {*ancestors}


def test_a_walk_that_comes_between_does_no_harm():
    x, w = Value(2.0), Value(3.0)
    y = x * w + w
    walks = iter([topological_order])

    class Walking(Op):
        def __hash__(self):
            for walk in walks:
                walk(y)
            return id(self)

    root = apply(Walking("cube", "cube", "a * a * a", ("3 * a * a",)), y) * x
    tape = record(lambda _: root, 1.0).replays[0].tape
    assert next(walks, None) is None
    assert [operands for _, operands in tape.operations] == [(1, 2), (3, 2), (4,), (5, 1)]
