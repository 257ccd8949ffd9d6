namespace Adjoint;

/// <summary>Which loop of <see cref="BlockLane"/> applies a method.</summary>
enum BlockForm { Unary, Binary, Ternary, Compare, Select, FromMask, ToMask, Spread, Total }

/// <summary>z = f(x, y, w) on a block.</summary>
sealed unsafe class BlockApply(BlockLane lane, BlockForm form, nint f, BlockPlace z, BlockPlace[] x) : BlockStep
{
    public static BlockStep Of(Apply apply, Dictionary<Local, BlockPlace> places)
    {
        var (result, first) = (apply.Result, apply.Operands[0]);
        BlockPlace z = places[result];
        BlockPlace[] x = [.. apply.Operands.Select(o => places[o])];
        string name = apply.Code.ToString();
        switch (apply.Code)
        {
            case Code.Copy: return new BlockCopy(z, x[0]);
            case Code.Convert when first.Type == result.Type: return new BlockCopy(z, x[0]);
            case Code.Convert when first.Type == DType.Bool: return new BlockApply(BlockLane.Of(result), BlockForm.FromMask, Address(result, "FromBool"), z, x);
            case Code.Convert when result.Type == DType.Bool: return new BlockApply(BlockLane.Of(first), BlockForm.ToMask, Address(first, "ToBool"), z, x);
            case Code.Convert when result.IsVector: return new BlockApply(BlockLane.Of(result), BlockForm.FromMask, Address(result, "FromIntegers"), z, x);
            case Code.Convert: return new BlockConvert(first.Type, result.Type, z, x[0]);
            case Code.Select: return new BlockApply(BlockLane.Of(result), BlockForm.Select, Address(result, name), z, x);
            case Code.Less or Code.LessOrEqual or Code.Equal or Code.NotEqual: return new BlockApply(BlockLane.Of(first), BlockForm.Compare, Address(first, name), z, x);
            default: return new BlockApply(BlockLane.Of(first), x.Length switch { 1 => BlockForm.Unary, 2 => BlockForm.Binary, _ => BlockForm.Ternary }, Address(first, name), z, x);
        }
    }

    public override void Run(ref BlockRun run)
    {
        byte* at = run.Locals;
        var row = new BlockRow { Z = at + z.Offset, StepZ = z.Step, X = at + x[0].Offset, StepX = x[0].Step, Count = z.Step == 0 ? 1 : run.Count };
        if (x.Length > 1)
        {
            row.Y = at + x[1].Offset;
            row.StepY = x[1].Step;
        }
        if (x.Length > 2)
        {
            row.W = at + x[2].Offset;
            row.StepW = x[2].Step;
        }
        switch (form)
        {
            case BlockForm.Unary: lane.Unary(f, row); break;
            case BlockForm.Binary: lane.Binary(f, row); break;
            case BlockForm.Ternary: lane.Ternary(f, row); break;
            case BlockForm.Compare: lane.Compare(f, row); break;
            case BlockForm.Select: lane.Select(f, row); break;
            case BlockForm.FromMask: lane.FromMask(f, row); break;
            case BlockForm.ToMask: lane.ToMask(f, row); break;
            case BlockForm.Spread: lane.Spread(f, row); break;
            default: lane.Total(f, row); break;
        }
    }
}

/// <summary>z = x on a block.</summary>
sealed unsafe class BlockCopy(BlockPlace z, BlockPlace x) : BlockStep
{
    const int Bytes = 64;

    public override void Run(ref BlockRun run)
    {
        nint count = z.Step == 0 ? 1 : run.Count;
        for (nint i = 0; i < count; i++) new Span<byte>(run.Locals + x.Offset + i * x.Step, Bytes).CopyTo(new Span<byte>(run.Locals + z.Offset + i * z.Step, Bytes));
    }
}

/// <summary>One number in another element type.</summary>
sealed unsafe class BlockConvert(DType from, DType to, BlockPlace z, BlockPlace x) : BlockStep
{
    public override void Run(ref BlockRun run)
    {
        byte* source = run.Locals + x.Offset, target = run.Locals + z.Offset;
        switch (from)
        {
            case DType.Int32: Set(*(int*)source, target); break;
            case DType.Int64: Set(*(long*)source, target); break;
            case DType.Float32: Set(*(float*)source, target); break;
            default: Set(*(double*)source, target); break;
        }
    }

    void Set<T>(T value, byte* target) where T : unmanaged, System.Numerics.INumber<T>
    {
        switch (to)
        {
            case DType.Int32: *(int*)target = ScalarLane<T>.To<int>(value); break;
            case DType.Int64: *(long*)target = ScalarLane<T>.To<long>(value); break;
            case DType.Float32: *(float*)target = ScalarLane<T>.To<float>(value); break;
            default: *(double*)target = ScalarLane<T>.To<double>(value); break;
        }
    }
}

/// <summary>A function of the table on a block: the formula in the widest lanes, which has the bits of all widths.</summary>
sealed unsafe class BlockMap(Apply map, Dictionary<Local, BlockPlace> places) : BlockStep
{
    const double Formula = 25;

    readonly ScalarFunction function = map.Function!;
    readonly DType type = map.Result.Type;
    readonly int lanes = map.Result.IsVector ? map.Result.Lanes : 1;
    readonly BlockPlace z = places[map.Result], x = places[map.Operands[0]], y = places[map.Operands[^1]];

    public override void Run(ref BlockRun run)
    {
        nint count = z.Step == 0 ? 1 : run.Count;
        bool together = count == 1 || (x.Step > 0 && y.Step > 0);
        int length = (int)(together ? count : 1) * lanes;
        for (nint i = 0; i < (together ? 1 : count); i++)
        {
            byte* a = run.Locals + x.Offset + i * x.Step, b = run.Locals + y.Offset + i * y.Step, c = run.Locals + z.Offset + i * z.Step;
            switch (type)
            {
                case DType.Float32: function.Apply(new ReadOnlySpan<float>(a, length), new ReadOnlySpan<float>(b, length), new Span<float>(c, length)); break;
                case DType.Float64: function.Apply(new ReadOnlySpan<double>(a, length), new ReadOnlySpan<double>(b, length), new Span<double>(c, length)); break;
                case DType.Int32: *(int*)c = (int)function.OfIntegers(*(int*)a, *(int*)b); break;
                default: *(long*)c = function.OfIntegers(*(long*)a, *(long*)b); break;
            }
        }
    }

    public override double Cost(int vectors, int count) => base.Cost(vectors, count) + Formula * count;
}

/// <inheritdoc cref="Accumulate"/>
sealed unsafe class BlockAccumulate : BlockStep
{
    readonly BlockLane lane;
    readonly BlockPlace z, x, y;
    readonly bool isProduct, isAlong, isVector;
    readonly nint f, part;

    public BlockAccumulate(Accumulate a, Dictionary<Local, BlockPlace> places, Loop? vector)
    {
        (lane, z, x, isVector) = (BlockLane.Of(a.Sum), places[a.Sum], places[a.X], a.Sum.IsVector);
        isProduct = a.Y is not null;
        if (isProduct) y = places[a.Y!];
        isAlong = a.Along is not null && a.Along == vector;
        f = Address(a.Sum, isProduct ? "MultiplyAdd" : a.Combine switch
        {
            Combine.Sum => "Add",
            Combine.Product => "Multiply",
            Combine.Maximum => "Maximum",
            _ => "Minimum",
        });
        if (isAlong) part = Address(a.Sum, "Part");
    }

    public override void Run(ref BlockRun run)
    {
        byte* at = run.Locals;
        var row = new BlockRow
        {
            Z = at + z.Offset, StepZ = z.Step, X = at + x.Offset, StepX = x.Step, Y = at + y.Offset, StepY = y.Step,
            Count = isAlong || (isVector && z.Step > 0) ? run.Count : 1,
        };
        nint lanes = isAlong ? run.Part : 0;
        if (isProduct) lane.MultiplyAdd(f, part, lanes, row); else lane.Accumulate(f, part, lanes, row);
    }
}
