namespace Adjoint;

/// <summary>How each operation reads: as a view, or as a statement.</summary>
sealed partial class Works
{
    /// <summary>The result as a view of the input's memory, for operations that only say where elements are; null for all others.</summary>
    View? Move(Equation z) => z.Operation switch
    {
        Alias or StopGradient => ViewOf(z.Inputs[0]),
        Slice slice => Sliced(ViewOf(z.Inputs[0]), slice),
        Flip flip => Flipped(ViewOf(z.Inputs[0]), z.Inputs[0].Shape, flip),
        Window window => Windows(z, window),
        Convert convert when convert.To == z.Inputs[0].DType => ViewOf(z.Inputs[0]),
        Reshape => ViewOf(z.Inputs[0]).Reshape(z.Inputs[0].Shape.Lengths, z.Results[0].Shape.Lengths)
            ?? View.Dense(Dense(z.Inputs[0]), z.Results[0].Shape.Lengths),
        Contract { Inputs.Count: 1 } contract when IsDistinct(contract.Output) && contract.Inputs[0].All(contract.Output.Contains) =>
            Labelled(ViewOf(z.Inputs[0]), contract.Inputs[0], contract.Output),
        _ => null,
    };

    bool Compute(Equation z)
    {
        switch (z.Operation)
        {
            case Add: Elementwise(z, Code.Add, Views(z)); return true;
            case Subtract: Elementwise(z, Code.Subtract, Views(z)); return true;
            case Negate: Elementwise(z, Code.Negate, Views(z)); return true;
            case Select: Elementwise(z, Code.Select, Views(z)); return true;
            case Convert: Elementwise(z, Code.Convert, Views(z)); return true;
            case Map map when EmittedFunctions.HasScalar(map.Function, z.Results[0].DType): Elementwise(z, Code.Map, Views(z), map.Function); return true;
            case Compare compare:
                Elementwise(z, compare.Relation switch
                {
                    Relation.Less => Code.Less,
                    Relation.LessOrEqual => Code.LessOrEqual,
                    Relation.Equal => Code.Equal,
                    _ => Code.NotEqual,
                }, Views(z));
                return true;
            case Logical logical:
                Elementwise(z, logical.Connective switch { Connective.And => Code.And, Connective.Or => Code.Or, _ => Code.ExclusiveOr }, Views(z));
                return true;
            case Contract contract: return Contraction(z, contract);
            case Reduce reduce when z.Inputs[0].Size > 0: Extreme(z, reduce); return true;
            case Concatenate concatenate: Join(z, concatenate.Axis); return true;
            case Pad pad when pad.Interior.All(n => n == 0) && z.Inputs[0].Size > 0: Surround(z, pad); return true;
            case Pad pad when z.Inputs[0].Size > 0: Spread(z, pad); return true;
            case Fold fold when z.Inputs[0].Size > 0: Folded(z, fold); return true;
            case Gather gather when z.Inputs[0].Shape[gather.Axis] > 0: Take(z, gather); return true;
            case ScatterAdd scatter when scatter.Length > 0: Scatter(z, scatter); return true;
            case ArgReduce { Running: false } find when z.Inputs[0].Size > 0: First(z, find); return true;
            case FlatIndex flat when flat.Lengths.All(n => n > 0): Flatten(z, flat.Lengths); return true;
            case LastWriter writer when writer.Length > 0: Assign(z, writer.Length); return true;
            case RandomBits random: Draw(z, random); return true;
            case FoldKey: Derive(z, z.Results[0], ViewOf(z.Inputs[1]), Code.FoldFirst, Code.FoldSecond); return true;
            case SplitKey:
                for (int r = 0; r < z.Results.Length; r++) Derive(z, z.Results[r], Number(DType.Int64, r, z.Inputs[0].Rank - 1), Code.SplitFirst, Code.SplitSecond);
                return true;
            case Call call: Inline(z, FoldGathering.Of(call.Body)); return true;
            default: return Control(z);
        }
    }

    View[] Views(Equation z) => [.. z.Inputs.Select(ViewOf)];

    bool Contraction(Equation z, Contract contract)
    {
        if (OrderOf(z, contract) is { } order) return Reordered(z, contract, order);
        if (!IsDistinct(contract.Output))
        {
            bool isMove = contract.Inputs.Count == 1 && contract.Inputs[0].All(label => contract.Output.Contains(label)) && z.Results[0].Size > 0;
            if (isMove && !IsEvaluated(z)) Diagonal(z, contract);
            return isMove;
        }
        var code = contract.Inputs.Count == 2 ? Code.Multiply : Code.Copy;
        // a sum of one product is a product: a gradient with respect to weights, of one example
        int[] summed = [.. contract.Inputs.SelectMany(labels => labels).Where(label => !contract.Output.Contains(label) && Length(z, contract, label) != 1).Distinct()];
        if (summed.Length == 0)
        {
            Elementwise(z, code, [.. z.Inputs.Select((x, i) => Labelled(ViewOf(x), contract.Inputs[i], contract.Output))]);
            return true;
        }
        if (IsMatrixProduct(z, contract, summed)) { Multiply(z, contract); return true; }
        // one input: its axes in their order, as its producer has them; two: rows first, sums last
        int[] own = contract.Inputs.Count == 1 ? [.. InOrder(z.Inputs[0]).Select(k => contract.Inputs[0][k]).Distinct()] : [];
        int[] labels = [.. own, .. contract.Output.Where(label => !own.Contains(label)), .. summed.Where(label => !own.Contains(label))];
        int[] lengths = [.. labels.Select(label => Length(z, contract, label))];
        bool[] reduced = [.. labels.Select(label => summed.Contains(label))];
        Reduction(z, Combine.Sum, code, [.. z.Inputs.Select((x, i) => Labelled(ViewOf(x), contract.Inputs[i], labels))], lengths, reduced,
            [.. contract.Output.Select(label => Array.IndexOf(labels, label))]);
        return true;
    }

    static int Length(Equation z, Contract contract, int label)
    {
        for (int i = 0; i < contract.Inputs.Count; i++)
            for (int k = 0; k < contract.Inputs[i].Count; k++)
                if (contract.Inputs[i][k] == label) return z.Inputs[i].Shape[k];
        for (int k = 0; k < contract.Output.Count; k++)
            if (contract.Output[k] == label) return z.Results[0].Shape[k];
        throw new InvalidOperationException($"engine: {contract.Name} has no label {label}.");
    }

    // the strides of labels: a label twice walks along the diagonal, one that is missing repeats
    static View Labelled(View x, Sequence<int> axes, IEnumerable<int> labels) => x with
    {
        Strides = [.. labels.Select(label =>
        {
            long stride = 0;
            for (int k = 0; k < axes.Count; k++) if (axes[k] == label) stride += x.Strides[k];
            return stride;
        })],
    };

    static bool IsDistinct(Sequence<int> labels) => labels.Distinct().Count() == labels.Count;
}
