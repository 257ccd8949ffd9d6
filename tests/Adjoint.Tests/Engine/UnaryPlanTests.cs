using System.Numerics;
using Xunit;

namespace Adjoint.Tests;

/// <summary>Moves and sums against nested loops.</summary>
public sealed unsafe class UnaryPlanTests
{
    [Theory]
    [InlineData("ij->ji"), InlineData("ijk->kji"), InlineData("ijk->jik"), InlineData("ijk->ikj"), InlineData("ijkl->ikjl"), InlineData("ijkl->ljki"), InlineData("ij->ij")]
    [InlineData("i->ij"), InlineData("j->ij"), InlineData("->ij"), InlineData("i->jik"), InlineData("ii->i"), InlineData("iji->ji"), InlineData("i->ii"), InlineData("ij->iij")]
    [InlineData("ij->i"), InlineData("ij->j"), InlineData("ij->"), InlineData("ijk->ik"), InlineData("ijk->j"), InlineData("ijk->ki"), InlineData("ii->"), InlineData("ij->jk"), InlineData("ijkl->lj")]
    public void A_plan_equals_loops(string pattern)
    {
        var random = new Random(pattern.Select((c, i) => c * (i + 1)).Sum());
        var letters = pattern.Where(char.IsLetter).Distinct().ToList();
        string[] sides = pattern.Split("->");
        for (int trial = 0; trial < 15; trial++)
        {
            int[] lengths = [.. letters.Select(_ => trial < 2 ? trial : random.Next(1, letters.Count <= 2 ? 150 : letters.Count == 3 ? 30 : 9))];
            LabelledAxes input = LabelledAxes.Dense([.. sides[0].Select(c => letters.IndexOf(c))], lengths), output = LabelledAxes.Dense([.. sides[1].Select(c => letters.IndexOf(c))], lengths);
            Check<float>(DType.Float32, lengths, input, output, random);
            Check<double>(DType.Float64, lengths, input, output, random);
            Check<int>(DType.Int32, lengths, input, output, random);
            Check<long>(DType.Int64, lengths, input, output, random);
        }
    }

    [Fact]
    public void Bools_move()
    {
        bool[] x = [true, false, false, true, true, false], z = new bool[6];
        fixed (bool* p = x, q = z)
            UnaryPlan.For(DType.Bool, [2, 3], LabelledAxes.Dense([0, 1], [2, 3]), LabelledAxes.Dense([1, 0], [2, 3])).Run(p, q, ThreadTeam.Alone);
        Assert.Equal([true, true, false, true, false, false], z);
        Assert.Throws<InvalidOperationException>(() => UnaryPlan.For(DType.Bool, [2, 3], LabelledAxes.Dense([0, 1], [2, 3]), LabelledAxes.Dense([1], [2, 3])));
    }

    // small whole numbers: every sum is exact
    static void Check<T>(DType type, int[] lengths, LabelledAxes input, LabelledAxes output, Random random) where T : unmanaged, INumberBase<T>
    {
        int Size(LabelledAxes axes) => axes.Labels.Aggregate(1, (n, l) => n * lengths[l]);
        T[] Fill(int count) => [.. Enumerable.Range(0, count).Select(_ => T.CreateTruncating(random.Next(-9, 10)))];
        T[] x = Fill(Size(input)), start = Fill(Size(output));
        var finish = new Finish { Accumulate = random.Next(3) == 0, Scale = random.Next(3) == 0 ? 2 : 0 };
        var expected = finish.Accumulate ? (T[])start.Clone() : new T[start.Length];
        int[] present = [.. input.Labels.Concat(output.Labels).Distinct()], at = new int[lengths.Length];
        void Loop(int depth)
        {
            if (depth < present.Length)
            {
                for (at[present[depth]] = 0; at[present[depth]] < lengths[present[depth]]; at[present[depth]]++) Loop(depth + 1);
                return;
            }
            int Offset(LabelledAxes axes) => axes.Labels.Select((l, k) => at[l] * (int)axes.Strides[k]).Sum();
            expected[Offset(output)] += T.CreateTruncating(finish.Scale == 0 ? 1 : 2) * x[Offset(input)];
        }
        Loop(0);
        var plan = UnaryPlan.For(type, lengths, input, output);
        using var team = new ThreadTeam(2);
        foreach (int threads in (int[])[1, 2])
        {
            var z = (T[])start.Clone();
            fixed (T* p = x, q = z) plan.Run(p, q, team, finish, threads);
            Assert.Equal(expected, z);
        }
    }
}
