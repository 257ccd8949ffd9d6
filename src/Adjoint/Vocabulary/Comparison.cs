namespace Adjoint;

/// <summary>Comparisons and logic, elementwise; and choices between tensors.</summary>
public static class Comparison
{
    static readonly Compare less = new(Relation.Less), lessOrEqual = new(Relation.LessOrEqual), equal = new(Relation.Equal), notEqual = new(Relation.NotEqual);

    static Tensor Of(Compare rule, Tensor a, Tensor b) { (a, b) = Broadcasting.Match(rule.Name, a, b); return Equation.Solve(rule, a, b); }
    static Tensor Of(Connective connective, Tensor a, Tensor b)
    {
        var rule = new Logical(connective);
        (a, b) = Broadcasting.Match(rule.Name, a, b);
        return Equation.Solve(rule, a, b);
    }

    internal static Tensor Less(Tensor a, Tensor b) => Of(less, a, b);
    internal static Tensor LessOrEqual(Tensor a, Tensor b) => Of(lessOrEqual, a, b);
    internal static Tensor And(Tensor a, Tensor b) => Of(Connective.And, a, b);
    internal static Tensor Or(Tensor a, Tensor b) => Of(Connective.Or, a, b);
    internal static Tensor ExclusiveOr(Tensor a, Tensor b) => Of(Connective.ExclusiveOr, a, b);
    internal static Tensor Not(Tensor a) => Of(Connective.ExclusiveOr, a, true);

    extension(Tensor x)
    {
        /// <summary>Where the elements are equal.</summary>
        public Tensor EqualTo(Tensor y) => Of(equal, x, y);

        /// <summary>Where the elements differ.</summary>
        public Tensor NotEqualTo(Tensor y) => Of(notEqual, x, y);

        /// <summary>Where the elements are NaN.</summary>
        public Tensor IsNaN() => x.NotEqualTo(x);

        /// <summary>Where the elements are neither NaN nor infinite.</summary>
        public Tensor IsFinite() => x.Abs() < double.PositiveInfinity;
    }

    extension(Tensor)
    {
        /// <summary>
        /// <paramref name="x"/> where <paramref name="condition"/> holds, else <paramref name="y"/>; the three broadcast. A branch that is not taken
        /// influences neither values nor derivatives, not even where it is NaN or infinite.
        /// </summary>
        public static Tensor Select(Tensor condition, Tensor x, Tensor y)
        {
            (x, y) = Broadcasting.Match("select", x, y);
            if (condition.Shape == x.Shape) return Equation.Solve(Operations.Select.Shared, condition, x, y);
            var shape = Shape.Broadcast("select", condition.Shape, x.Shape);
            return Equation.Solve(Operations.Select.Shared, condition.BroadcastTo(shape), x.BroadcastTo(shape), y.BroadcastTo(shape));
        }
    }
}
