#pragma warning disable CS0414, CS0649, IDE0044, IDE0051
using System.Collections.Frozen;
using System.Collections.Immutable;

namespace Adjoint.Tests.TreeTypes
{
    public interface ILayer : ITree
    {
        string Name { get; }
    }

    [Tree]
    public sealed partial record Dense(Tensor Weight, Tensor? Bias, int Units = 0) : ILayer
    {
        public string Name => "dense";
    }

    [Tree] public partial record Mlp(Dense Hidden, Dense Output, Func<Tensor, Tensor>? Activation = null);

    [Tree]
    public sealed partial record Normalization(Tensor Scale, [State] Tensor Mean, [property: State] (Tensor Variance, Key Noise) More, [State] Dense? Inner = null) : ILayer
    {
        public string Name => "normalization";
        [State] public required Dense[] History { get; init; }
    }

    [Tree] public readonly partial record struct Batch(Tensor Images, Tensor? Labels, Key Key);

    [Tree]
    public sealed partial record Lists(
        Dense[] Array, ImmutableArray<Tensor> Immutable, IReadOnlyList<ILayer> ReadOnly, List<Tensor?> List, Tensor[][] Jagged,
        ImmutableList<Batch> Persistent, Sequence<Tensor> Sequence, Tensor[]? Optional, ImmutableArray<Key>? OptionalKeys);

    [Tree]
    public sealed partial record Maps(
        Dictionary<string, Dense> Mutable, IReadOnlyDictionary<string, Tensor[]> ReadOnly, ImmutableDictionary<string, Tensor> Immutable,
        ImmutableSortedDictionary<string, ILayer> Sorted, SortedDictionary<string, Tensor?> Tree, FrozenDictionary<string, Tensor> Frozen);

    [Tree]
    public sealed partial record Tuples((Tensor Mean, Tensor Variance) Statistics, (Dense, Tensor?, int Count, int[] Sizes) Mixed, (Tensor, (Tensor A, Key B))? Nested,
        (Tensor, Tensor, Tensor, Tensor, Tensor, Tensor, Tensor, Tensor, Tensor Last) Long, (int, string) Plain);

    [Tree] public sealed partial record Moments<TModel>(TModel Model, TModel Mean, TModel[] Past, TModel? Best, double Rate) where TModel : ITree<TModel>;

    [Tree] public sealed partial record OfLayer<TLayer, TOther>(TLayer Layer, TOther? Other) where TLayer : ILayer where TOther : class, ITree<TOther>;

    [Tree]
    public sealed partial record Statics(Tensor X, int[] Kernel, ImmutableArray<string> Names, List<double> Rates, string? Text, DType Type, [Static] Tensor Reference,
        [Static] Dictionary<int, int> Table, Shape Shape, Sequence<int> Axes, int[]? Missing = null);

    public abstract record Named(string Label, Tensor Common)
    {
        public int Level { get; protected set; }
    }

    [Tree] public sealed partial record Derived(Tensor X, string Label, Tensor Common) : Named(Label, Common);

    [Tree]
    public partial record struct @event(Tensor @class, Tensor record)
    {
        Tensor hidden = 1.0;
        private Tensor Property { get; set; } = 2.0;
        public Tensor Half { get => field; init => field = value; } = 3.0;
        public static Tensor Shared { get; } = 5.0;
        public readonly Tensor Computed => hidden * 2;
        public Tensor TreeFields = 4.0;
    }

    [Tree] public sealed partial record Nothing;

    [Tree] public sealed partial record Node(Tensor Value, Node? Left = null, Node? Right = null);

    public static partial class Outer<T>
    {
        public partial record struct Middle
        {
            [Tree]
            internal partial record Inner(Tensor X, [Static] T Y)
            {
                [Tree] internal partial record struct Most(Private P);
                [Tree] internal partial record Private(Tensor X);
            }
        }
    }
}

namespace Adjoint.Tests.TreeTypes.@namespace
{
    [Tree] public partial record InKeyword(Tensor X);
}
