using System.Numerics;
using Xunit;

namespace Adjoint.Tests;

/// <summary>Plans against nested loops in double, and the same bits from every level of kernels and any number of threads.</summary>
public sealed unsafe class ContractionPlanTests
{
    public static TheoryData<string, string> Patterns => new()
    {
        { "ij,jk->ik", "product" }, { "ij,kj->ik", "second transposed" }, { "ji,jk->ik", "first transposed" }, { "ji,kj->ik", "both" }, { "ij,jk->ki", "output transposed" },
        { "bij,bjk->bik", "batch" }, { "ibj,jbk->bik", "batch inside" }, { "bij,bjk->ikb", "batch innermost" }, { "bthd,bshd->bhts", "attention" }, { "bhts,bshd->bthd", "attention" },
        { "ijk,jk->i", "fused depth" }, { "ikj,jk->i", "depth that does not fuse" }, { "abij,jc->abic", "fused rows" }, { "aibj,jc->abic", "rows that do not fuse" },
        { "ij,j->i", "matrix times vector" }, { "ji,j->i", "transposed times vector" }, { "i,ij->j", "vector times matrix" }, { "i,j->ij", "outer" }, { "i,i->", "dot" },
        { "ij,ij->", "inner" }, { "ij,ij->i", "rows" }, { "ij,ij->j", "columns" }, { "ij,i->ij", "scaled rows" }, { "ij,ij->ij", "elementwise" }, { ",ij->ij", "scalar" },
        { "ii,ij->ij", "diagonal" }, { "iij,jk->ik", "diagonal rows" }, { "ij,jk->iik", "fills a diagonal" }, { "ij,k->k", "sum of one input" }, { "ij,jk->k", "sum along rows" },
        { "ij,jk->ikl", "repeats" }, { "abcd,cdef->abef", "pairs" }, { "abcd,defc->fbea", "permuted pairs" }, { "acbd,dbe->aec", "permuted" },
    };

    [Theory, MemberData(nameof(Patterns))]
    public void A_plan_equals_loops(string pattern, string what)
    {
        Assert.NotEmpty(what);
        var random = new Random(pattern.Select((c, i) => c * (i + 1)).Sum());
        for (int trial = 0; trial < 12; trial++)
        {
            var lengths = Lengths(pattern, random, trial);
            var (a, b, c) = Operands(pattern, lengths, trial % 3 == 1 ? random : null);
            Check<double>(DType.Float64, lengths, a, b, c, random, 1e-12);
            Check<float>(DType.Float32, lengths, a, b, c, random, 1e-4);
            Check<long>(DType.Int64, lengths, a, b, c, random, 0);
            Check<int>(DType.Int32, lengths, a, b, c, random, 0);
        }
    }

    [Fact]
    public void Tile_edges()
    {
        var random = new Random(3);
        int[] sizes = [1, 2, 5, 6, 7, 13, 14, 15, 16, 17, 27, 29, 31, 32, 33, 47, 64, 65];
        int[] depths = [1, 2, 3, 15, 16, 17, 64, 100, 255, 257, 383, 385, 400, 770];
        for (int trial = 0; trial < 150; trial++)
        {
            int[] lengths = [sizes[random.Next(sizes.Length)], depths[random.Next(depths.Length)], sizes[random.Next(sizes.Length)]];
            string pattern = ((string[])["ab,bc->ac", "ab,cb->ac", "ba,bc->ac", "ba,cb->ca"])[trial % 4];
            var (a, b, c) = Operands(pattern, lengths, null);
            Check<double>(DType.Float64, lengths, a, b, c, random, 1e-12);
            Check<float>(DType.Float32, lengths, a, b, c, random, 1e-4);
        }
    }

    [Fact]
    public void Several_blocks()
    {
        var random = new Random(4);
        foreach (var (m, k, n) in ((int, int, int)[])[(600, 900, 70), (40, 10, 4200), (1, 20000, 3), (2, 9000, 2)])
        {
            int[] lengths = [m, k, n];
            var (a, b, c) = Operands("ab,bc->ac", lengths, null);
            Check<double>(DType.Float64, lengths, a, b, c, random, 1e-11);
            Check<float>(DType.Float32, lengths, a, b, c, random, 2e-3);
        }
    }

    [Theory, InlineData(0, 3, 4), InlineData(3, 0, 4), InlineData(3, 4, 0), InlineData(0, 0, 0)]
    public void Zero_sizes(int m, int k, int n)
    {
        int[] lengths = [m, k, n];
        var (a, b, c) = Operands("ab,bc->ac", lengths, null);
        Check<double>(DType.Float64, lengths, a, b, c, new Random(1), 1e-12);
        Check<int>(DType.Int32, lengths, a, b, c, new Random(1), 0);
    }

    static int[] Lengths(string pattern, Random random, int trial)
    {
        int labels = pattern.Where(char.IsLetter).Distinct().Count();
        int most = labels <= 3 ? trial < 6 ? 12 : 70 : 7;
        return [.. Enumerable.Range(0, labels).Select(_ => trial == 0 ? 1 : random.Next(1, most))];
    }

    // dense, or views: every stride from a random order of the axes with gaps
    static (LabelledAxes, LabelledAxes, LabelledAxes) Operands(string pattern, int[] lengths, Random? views)
    {
        var letters = pattern.Where(char.IsLetter).Distinct().ToList();
        LabelledAxes Axes(string text)
        {
            var labels = text.Select(c => letters.IndexOf(c)).ToArray();
            if (views is null) return LabelledAxes.Dense(labels, lengths);
            var strides = new nint[labels.Length];
            nint stride = 1 + views.Next(2);
            foreach (int k in Enumerable.Range(0, labels.Length).OrderBy(_ => views.Next()))
            {
                strides[k] = stride;
                stride = stride * lengths[labels[k]] + views.Next(3);
            }
            return new(labels, strides);
        }
        string[] sides = pattern.Split("->"), inputs = sides[0].Split(',');
        return (Axes(inputs[0]), Axes(inputs[1]), Axes(sides[1]));
    }

    static int Extent(LabelledAxes axes, int[] lengths) =>
        axes.Labels.Any(l => lengths[l] == 0) ? 1 : 1 + axes.Labels.Select((l, k) => (int)((lengths[l] - 1) * axes.Strides[k])).Sum();

    static void Check<T>(DType type, int[] lengths, LabelledAxes a, LabelledAxes b, LabelledAxes c, Random random, double tolerance) where T : unmanaged, INumberBase<T>
    {
        T[] Random(LabelledAxes axes) => [.. Enumerable.Range(0, Extent(axes, lengths)).Select(_ => type.IsFloat ? T.CreateTruncating(random.NextDouble() - 0.5) : T.CreateTruncating(random.Next(-9, 10)))];
        T[] x = Random(a), y = Random(b), start = Random(c);
        var plan = ContractionPlan.For(type, lengths, a, b, c);
        using var team = new ThreadTeam(2);
        bool accumulate = random.Next(2) == 0;
        double scale = random.Next(2) == 0 ? 1 : 2;
        TileEpilogue twice = static (tile, stride, rows, columns, batch, row, column, context) =>
        {
            for (int r = 0; r < rows; r++)
                for (int i = 0; i < columns; i++) ((T*)tile)[r * stride + i] += T.One;
        };
        var finish = new Finish { Accumulate = accumulate, Scale = scale, Epilogue = random.Next(2) == 0 && !HasDiagonal(c) ? twice : null };
        double[] expected = Expected(lengths, a, b, c, x, y, start, accumulate, scale, finish.Epilogue is null ? 0 : 1);
        T[] first = Run(1);
        for (int i = 0; i < first.Length; i++)
            if (Math.Abs(double.CreateTruncating(first[i]) - expected[i]) is var error && !(error <= tolerance * Math.Max(1, Math.Abs(expected[i]))))
                Assert.Fail($"element {i}: {first[i]}, expected {expected[i]}; lengths {string.Join(' ', lengths)}, strides {string.Join(' ', a.Strides)}, {string.Join(' ', b.Strides)}, {string.Join(' ', c.Strides)}");
        Assert.Equal(first, Run(2));
        if (!type.IsFloat) return;
        foreach (var level in (KernelLevel[])[KernelLevel.Vector128, KernelLevel.Vector256])
            if (level <= KernelSet<T>.Best.Level) Assert.Equal(first, RunLevel(level));

        T[] Run(int threads)
        {
            var z = (T[])start.Clone();
            fixed (T* p = x, q = y, r = z) plan.Run(p, q, r, team, finish, threads);
            return z;
        }

        T[] RunLevel(KernelLevel level)
        {
            var z = (T[])start.Clone();
            fixed (T* p = x, q = y, r = z) plan.Run(KernelSet<T>.For(level), p, q, r, ThreadTeam.Alone, finish);
            return z;
        }
    }

    // adds 1 to every element of the rows that it gets, so each must come once and complete
    [Theory]
    [InlineData("ab,bc->ac", 1, 7, 100, 40, 33)]
    [InlineData("ab,bc->ac", 1, 8, 301, 500, 70)]
    [InlineData("ab,bc->ac", 1, 1, 200, 30, 5000)]
    [InlineData("abc,acd->abd", 6, 4, 36, 20, 48)]
    [InlineData("abc,acd->abd", 3, 1, 150, 400, 300)]
    [InlineData("ab,cb->ac", 1, 1, 90, 1000, 3)]
    [InlineData("ba,bc->ac", 1, 2, 1000, 64, 10)]
    public void A_follower_gets_every_row_once_when_it_is_complete(string pattern, int batch, int unit, int rows, int depth, int columns)
    {
        var random = new Random(rows);
        int[] sizes = pattern.Contains('d', StringComparison.Ordinal) ? [batch, rows, depth, columns] : [rows, depth, columns];
        int[] lengths = [.. pattern.Where(char.IsLetter).Distinct().Select(letter => sizes[letter - 'a'])];
        var (a, b, c) = Operands(pattern, lengths, null);
        Assert.True(ContractionPlan.For(DType.Float32, lengths, a, b, c).CanBeFollowed);
        float[] x = [.. Enumerable.Range(0, Extent(a, lengths)).Select(_ => random.NextSingle())], y = [.. Enumerable.Range(0, Extent(b, lengths)).Select(_ => random.NextSingle())];
        using var team = new ThreadTeam(2);
        float[] plain = Run(1, false);
        for (int threads = 1; threads <= 2; threads++) Assert.Equal(Array.ConvertAll(plain, v => v + 1), Run(threads, true));

        float[] Run(int threads, bool follows)
        {
            var z = new float[batch * rows * columns];
            fixed (float* p = x, q = y, r = z)
            {
                var rest = new Rest { Output = r, Columns = columns, Unit = unit, All = batch * rows };
                var finish = new Finish { RowUnit = unit, Context = &rest, Follower = follows ? static (first, count, context) => ((Rest*)context)->Add(first, count) : null };
                ContractionPlan.For(DType.Float32, lengths, a, b, c).Run(p, q, r, team, finish, threads);
            }
            return z;
        }
    }

    struct Rest
    {
        public float* Output;
        public int Columns, Unit, All;

        public readonly void Add(int first, int count)
        {
            Assert.True(first % Unit == 0 && (count % Unit == 0 || first + count == All), $"rows {first} to {first + count}");
            for (int i = first * Columns; i < (first + count) * Columns; i++) Output[i]++;
        }
    }

    static bool HasDiagonal(LabelledAxes c) => c.Labels.Distinct().Count() < c.Labels.Length;

    static double[] Expected<T>(int[] lengths, LabelledAxes a, LabelledAxes b, LabelledAxes c, T[] x, T[] y, T[] start, bool accumulate, double scale, double more) where T : unmanaged, INumberBase<T>
    {
        var z = Array.ConvertAll(start, v => double.CreateTruncating(v));
        var present = a.Labels.Concat(b.Labels).Concat(c.Labels).Distinct().ToArray();
        var sums = new Dictionary<nint, double>();
        int[] at = new int[lengths.Length];
        void Loop(int depth, Action body)
        {
            if (depth == present.Length) { body(); return; }
            for (at[present[depth]] = 0; at[present[depth]] < lengths[present[depth]]; at[present[depth]]++) Loop(depth + 1, body);
        }
        nint Offset(LabelledAxes axes) { nint sum = 0; for (int k = 0; k < axes.Labels.Length; k++) sum += at[axes.Labels[k]] * axes.Strides[k]; return sum; }
        // elements of the output with no summand are zero
        present = c.Labels.Distinct().ToArray();
        Loop(0, () => sums[Offset(c)] = 0);
        present = [.. present, .. a.Labels.Concat(b.Labels).Distinct().Except(present)];
        Loop(0, () => sums[Offset(c)] += double.CreateTruncating(x[Offset(a)]) * double.CreateTruncating(y[Offset(b)]));
        if (HasDiagonal(c) && !accumulate)
        {
            var all = Offsets.Of([.. c.Labels.Select((label, k) => (lengths[label], c.Strides[k]))]);
            for (int i = 0; i < all.Count; i++) z[all[i]] = 0;
        }
        foreach (var (offset, sum) in sums) z[offset] = (accumulate ? z[offset] : 0) + scale * sum + more;
        return z;
    }
}
