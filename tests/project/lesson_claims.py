"""What the lessons' texts say of what their cells have computed, to be run after them. By the number of the lesson."""

CLAIMS = {
    1: """
        assert loss(1.0) == loss(3.0) == 9 and loss(2.0) == 0
        assert f"{change:.4f}" == "-0.1791"
        assert slopes(1, 1) == (-18, -6) and slopes(1, 2) == (-12, -4)
        steps_of_h = [1, 0.1, 0.01, 0.001, 0.0001]
        errors = [abs((loss(1 + step) - loss(1)) / step + 18) for step in steps_of_h]
        assert errors == sorted(errors, reverse=True)
    """,
    2: """
        assert wage.inputs == (w, x) and wage.op.name == "mul"
        assert loss.data == 2.25 and prediction.data == 5.5
        assert len(topological_order((w + b) * (b + 1))) == 6
        assert sum(node.op is not None for node in topological_order(power)) == 3
        assert -1 < y.data < 1
    """,
    3: """
        from autograd import grad
        assert grad(loss, [w, b]) == [-18, -6] and loss.data == 9
        assert grad(both, [w, b]) == [-22, -10]
        assert [path.product for path in explain(w, both).paths] == [-18, -4]
        assert sorted(path.product for path in explain(p, result).paths) == [3, 4]
        assert hasty[hourly] == 3 and patient[hourly] == 4.5 == grad(pay, [hourly])[0]
        assert abs(loss_at(1.36, 1.12) - 3.24) < 1e-9
        assert (1 - 20 * 0.001) > 0.97 and abs(1 - 20 * 0.13) > 1  # what an update multiplies the error by
    """,
    4: """
        assert abs(pay_loss(*there) - 3.24) < 1e-9
        assert (there[0] - 1) / (there[1] - 1) - 3 < 1e-9
        assert abs(angles[around.argmin()] - against) <= 2
        assert abs(angles[around.argmax()] - against - 180) <= 2
        assert pay_loss(1.5, 2.5) == pay_loss(2, 1) == 0 and pay_loss(2.1, 0.7) < 9
        assert abs(path[-1][0] - 1.99) < 0.005
        assert np.allclose(walk[-1], best, atol=0.02) and np.allclose(best, [2, 1])
        assert abs(mean_loss(*best) - 0.015) < 1e-9
    """,
    5: """
        away = {rate: [abs(w - 2) for (w,) in path] for rate, path in walks.items()}
        assert away[0.005][-1] > away[0.005][0] / 3
        assert away[0.05][-1] < 1e-9
        assert all(after < before for before, after in zip(away[0.1], away[0.1][1:]))
        assert all(after > before for before, after in zip(away[0.115], away[0.115][1:]))
        assert curvature(valley, 0.5) == 18 and curvature(other_valley, 0.0) == 8
        assert min(better) > 1000 and len(starts) == 20
        swings = [sum(a * b < 0 for (_, a), (_, b) in zip(path, path[1:])) for path in (plain, ball)]
        widest = [max(abs(across) for _, across in path[10:]) for path in (plain, ball)]
        assert swings[0] == 30 > swings[1] and widest[0] > 2 * widest[1]
        assert ball[10][0] > plain[10][0]
        assert small[-1][0] > 0.9 and rolling[-1][0] < -0.7
        assert descend(hills, [1.3], 0.01, steps=100, momentum=0.9)[-1][0] > 0.9
    """,
    6: """
        assert 0.8 < accuracy(single, moons.X, moons.y) < 0.95
        assert len(model.parameters()) == 105
        assert history.loss[-1] < 0.1
        assert abs(-log(1 / (1 + exp(5.0))) - losses.binary_cross_entropy(Value(-5.0), 1).data) < 1e-6
        safe, higher = ends[tries[1]], ends[tries[2]]
        begins = history.loss[0]
        assert all(end > 0.4 for end in ends[0.003]) and all(end > 10 * begins for end in ends[10.0])
        assert all(end < begins for end in safe) and min(higher) < min(safe) / 5
        assert max(higher) > 2 * min(higher) and max(ends[2.0]) > 2 * min(ends[2.0])  # partly luck
        shares = [ask_backwards(epoch) for epoch in (0, epochs)]
        assert shares[1] < shares[0] / 5
        def total(epoch):
            ask_backwards(epoch)
            return sum(abs(parameter.grad) for parameter in model.parameters())
        first, line, last = (total(epoch) for epoch in (0, stops[0], epochs))
        bending = max(total(epoch) for epoch in range(epochs // 3, epochs - 5))
        assert first > 2 * line and bending > line > 2 * last
    """,
    7: """
        assert abs(scale.apply(train.X).mean()) < 1e-9
        assert share_right(model, test) > 0.8
        assert dealt[0] > 0.75 and 0.94 < sum(dealt) / 10 < 0.99
        assert story.validation_loss[-1] > story.loss[-1]
        shares = [accuracy(reader, part.X / 16, part.y) for part in (train_digits, validation_digits, test_digits)]
        assert shares[0] > shares[2] > 0.94
        assert confusion.trace() == right.sum() and 0 < len(wrong) < 26
        assert np.median(sure[~right]) < np.median(sure[right])
        assert (surest > 0.9).any()
    """,
    8: """
        assert one_side(1e-8) < one_side(1e-5) < one_side(1e-2)
        assert one_side(1e-8) < one_side(1e-11) < one_side(1e-14)
        best_step = min(h, key=both_sides)
        assert 1e-7 < best_step < 1e-4 and both_sides(best_step) < 1e-9
        assert y.op is hasty_bell
        assert "gradient_is_the_slope(" in found
        assert "bell(" in found_program and "tanh(" not in found_program
        assert verdict(repaired_gradient_is_the_slope) == verdict(repaired_programs_are_right) == "no counterexample"
        assert noticed == len(wrong_rows)
    """,
    9: """
        assert 600 < operations < 800
        assert replay(tape, 5.0, 1.0) == (3 * 5 - 1) ** 2
        assert recorded_agrees and engines_agree
        if engine == "native":
            assert times["plain Python"] > 2 * times["native"] > 4 * times["recorded"]
            assert times["plain Python"] > 1000 * times["recorded"]
            assert surprises[-1] < surprises[0] - 0.2 < np.log(len(ALPHABET))
        assert losses[-1] < losses[0]
        assert new_names
    """,
}
CLAIMS = {
    lesson: "\n".join(line.removeprefix("        ") for line in claim.splitlines()) for lesson, claim in CLAIMS.items()
}
