using System.Numerics;
using System.Runtime.CompilerServices;

namespace Adjoint;

/// <summary>The loop of a <see cref="LaneKernel{L, V, T}"/>: strides in elements; along the lanes each input moves by 1 or stands still.</summary>
unsafe struct LaneLoop<T> where T : unmanaged
{
    public T* Left, Right, Output;
    public nint Count, Depth, LeftLane, RightLane, LeftStep, RightStep;
    public bool Accumulate;
    public T Scale;
}

/// <summary>
/// <c>output[i] = [output[i] +] scale · Σ_k left[i, k] · right[i, k]</c> where i is contiguous in the output: the labels of both inputs that the output keeps
/// are innermost. k ascending, each step one fused multiply-add; four registers of i at a time.
/// </summary>
static unsafe class LaneKernel<L, V, T> where L : ILanes<V, T> where V : struct where T : unmanaged, INumberBase<T>
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(LaneLoop<T>* loop)
    {
        nint i = 0, count = loop->Count, depth = loop->Depth, leftStep = loop->LeftStep, rightStep = loop->RightStep;
        nint leftNext = loop->LeftLane * L.Count, rightNext = loop->RightLane * L.Count;
        bool leftMoves = loop->LeftLane != 0, rightMoves = loop->RightLane != 0;
        V scale = L.Broadcast(loop->Scale);
        for (; i + 4 * L.Count <= count; i += 4 * L.Count)
        {
            V x0 = default, x1 = default, x2 = default, x3 = default;
            T* a = loop->Left + i * loop->LeftLane, b = loop->Right + i * loop->RightLane, c = loop->Output + i;
            if (leftMoves && rightMoves)
                for (nint k = 0; k < depth; k++, a += leftStep, b += rightStep)
                {
                    x0 = L.Fma(L.Load(a), L.Load(b), x0);
                    x1 = L.Fma(L.Load(a + leftNext), L.Load(b + rightNext), x1);
                    x2 = L.Fma(L.Load(a + 2 * leftNext), L.Load(b + 2 * rightNext), x2);
                    x3 = L.Fma(L.Load(a + 3 * leftNext), L.Load(b + 3 * rightNext), x3);
                }
            else
                for (nint k = 0; k < depth; k++, a += leftStep, b += rightStep)
                {
                    x0 = L.Fma(leftMoves ? L.Load(a) : L.Broadcast(a), rightMoves ? L.Load(b) : L.Broadcast(b), x0);
                    x1 = L.Fma(leftMoves ? L.Load(a + leftNext) : L.Broadcast(a), rightMoves ? L.Load(b + rightNext) : L.Broadcast(b), x1);
                    x2 = L.Fma(leftMoves ? L.Load(a + 2 * leftNext) : L.Broadcast(a), rightMoves ? L.Load(b + 2 * rightNext) : L.Broadcast(b), x2);
                    x3 = L.Fma(leftMoves ? L.Load(a + 3 * leftNext) : L.Broadcast(a), rightMoves ? L.Load(b + 3 * rightNext) : L.Broadcast(b), x3);
                }
            Write(c, x0, scale, loop->Accumulate, L.Count);
            Write(c + L.Count, x1, scale, loop->Accumulate, L.Count);
            Write(c + 2 * L.Count, x2, scale, loop->Accumulate, L.Count);
            Write(c + 3 * L.Count, x3, scale, loop->Accumulate, L.Count);
        }
        for (; i < count; i += L.Count)
        {
            int part = (int)Math.Min(count - i, L.Count);
            V x = default;
            T* a = loop->Left + i * loop->LeftLane, b = loop->Right + i * loop->RightLane;
            for (nint k = 0; k < depth; k++, a += leftStep, b += rightStep)
                x = L.Fma(leftMoves ? L.LoadPart(a, part) : L.Broadcast(a), rightMoves ? L.LoadPart(b, part) : L.Broadcast(b), x);
            Write(loop->Output + i, x, scale, loop->Accumulate, part);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Write(T* c, V x, V scale, bool accumulate, int part)
    {
        x = L.Multiply(x, scale);
        if (accumulate) x = L.Add(L.LoadPart(c, part), x);
        L.StorePart(c, x, part);
    }
}
