using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Adjoint;

/// <summary>
/// Copies a rectangle of an operand into panels: <c>panel[k · padded + i] = source[across(first + i) + along(from + k)]</c>, zero for i from width to padded.
/// Whatever the strides, whole vectors are moved where either direction is contiguous, if only in runs.
/// </summary>
static unsafe class Packing
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization), SkipLocalsInit]
    public static void Pack<T>(T* source, in Offsets across, in Offsets along, int first, int width, int padded, int from, int depth, T* panel) where T : unmanaged
    {
        if (across.RunEnd(first) >= first + width && !along.IsTable && padded > width)
        {
            CopyPadded(source + across[first] + from * along.Stride, along.Stride, width, padded, depth, panel);
            return;
        }
        if (padded > width && padded * sizeof(T) == 64 && Vector512.IsHardwareAccelerated)
            for (int k = 0; k < depth; k++) Vector512<byte>.Zero.Store((byte*)(panel + (nint)k * padded));
        else if (padded > width) Clear(panel + width, padded - width, padded, depth);
        if (across.RunEnd(first) >= first + width)
        {
            source += across[first];
            if (!along.IsTable) CopyRows(source + from * along.Stride, along.Stride, width, padded, depth, panel);
            else
                for (int k = 0; k < depth; k++) CopyRow(source + along[from + k], width, panel + (nint)k * padded);
        }
        else if (along.RunEnd(from) - from >= Math.Min(depth, 4))
        {
            T** rows = stackalloc T*[width];
            for (int i = 0; i < width; i++) rows[i] = source + across[first + i];
            for (int k = 0; k < depth;)
            {
                int run = Math.Min(along.RunEnd(from + k) - from, depth) - k;
                Transpose(rows, along[from + k], width, padded, run, panel + (nint)k * padded);
                k += run;
            }
        }
        else if (across.IsTable && across.RunEnd(first) - first >= 4)
            for (int i = 0; i < width;)
            {
                int run = Math.Min(across.RunEnd(first + i) - first, width) - i;
                T* start = source + across[first + i];
                for (int k = 0; k < depth; k++) CopyRow(start + along[from + k], run, panel + (nint)k * padded + i);
                i += run;
            }
        else
        {
            nint* starts = stackalloc nint[width];
            for (int i = 0; i < width; i++) starts[i] = across[first + i];
            for (int k = 0; k < depth; k++, panel += padded)
            {
                T* s = source + along[from + k];
                for (int i = 0; i < width; i++) panel[i] = s[starts[i]];
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void Clear<T>(T* panel, int count, int padded, int depth) where T : unmanaged
    {
        for (; depth > 0; depth--, panel += padded)
            for (int i = 0; i < count; i++) panel[i] = default;
    }

    /// <summary>Rows of <paramref name="width"/> contiguous elements, filled up with zeros.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void CopyPadded<T>(T* source, nint stride, int width, int padded, int depth, T* panel) where T : unmanaged
    {
        if (Avx512F.IsSupported && padded * sizeof(T) == 64 && sizeof(T) == 4)
        {
            var mask = Vector512.LessThan(Vector512<int>.Indices, Vector512.Create(width)).AsSingle();
            for (; depth > 0; depth--, source += stride, panel += padded) Avx512F.MaskLoad((float*)source, mask, Vector512<float>.Zero).Store((float*)panel);
        }
        else if (Avx512F.IsSupported && padded * sizeof(T) == 64 && sizeof(T) == 8)
        {
            var mask = Vector512.LessThan(Vector512<long>.Indices, Vector512.Create((long)width)).AsDouble();
            for (; depth > 0; depth--, source += stride, panel += padded) Avx512F.MaskLoad((double*)source, mask, Vector512<double>.Zero).Store((double*)panel);
        }
        else if (Avx512F.IsSupported && padded * sizeof(T) == 128 && width * sizeof(T) > 64)
        {
            var mask = sizeof(T) == 4 ? Vector512.LessThan(Vector512<int>.Indices, Vector512.Create(width - 16)) : Vector512.LessThan(Vector512<long>.Indices, Vector512.Create(width - 8L)).AsInt32();
            for (; depth > 0; depth--, source += stride, panel += padded)
            {
                var x = Vector512.Load((int*)source);
                var y = Avx512F.MaskLoad((int*)source + 16, mask, Vector512<int>.Zero);
                x.Store((int*)panel);
                y.Store((int*)panel + 16);
            }
        }
        else
        {
            Clear(panel + width, padded - width, padded, depth);
            CopyRows(source, stride, width, padded, depth, panel);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void CopyRows<T>(T* source, nint stride, int width, int padded, int depth, T* panel) where T : unmanaged
    {
        if (width * sizeof(T) == 128 && Vector512.IsHardwareAccelerated)
            for (; depth > 0; depth--, source += stride, panel += padded)
            {
                var x = Vector512.Load((byte*)source);
                var y = Vector512.Load((byte*)source + 64);
                x.Store((byte*)panel);
                y.Store((byte*)panel + 64);
            }
        else
            for (; depth > 0; depth--, source += stride, panel += padded) CopyRow(source, width, panel);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void CopyRow<T>(T* source, int width, T* target) where T : unmanaged
    {
        int i = 0;
        for (int step = 32 / sizeof(T); i + step <= width; i += step) Vector256.Load((byte*)(source + i)).Store((byte*)(target + i));
        for (int step = 16 / sizeof(T); i + step <= width; i += step) Vector128.Load((byte*)(source + i)).Store((byte*)(target + i));
        for (; i < width; i++) target[i] = source[i];
    }

    /// <summary><c>target[k · step + i] = source[i · stride + k]</c> for i below the width and k below the depth.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization), SkipLocalsInit]
    public static void Transpose<T>(T* source, nint stride, int width, nint step, int depth, T* target) where T : unmanaged
    {
        T** rows = stackalloc T*[width];
        for (int i = 0; i < width; i++) rows[i] = source + i * stride;
        Transpose(rows, 0, width, step, depth, target);
    }

    /// <summary><c>target[i · step + k] = source[k · stride + i]</c> for i below a small count and k below the depth: four of each at a time.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void TransposeNarrow<T>(T* source, nint stride, int count, nint step, int depth, T* target) where T : unmanaged
    {
        int k = stride == count && count is > 1 and <= Deinterleaving.Most && Vector512.IsHardwareAccelerated && Avx512F.IsSupported ? Deinterleaving.Run(source, count, step, depth, target) : 0;
        // of fewer than four, the rest is read from the next rows and dropped: all but the last rows have such
        int most = count >= 4 ? depth : stride >= count ? depth - 4 : 0;
        if (sizeof(T) is 4 or 8)
            for (T* part = stackalloc T[16]; k + 4 <= most; k += 4)
                for (int i = 0; i < count; i += 4)
                {
                    int first = count >= 4 ? Math.Min(i, count - 4) : 0;
                    T* s = source + k * stride + first, p = target + first * step + k;
                    if (count >= 4)
                    {
                        if (sizeof(T) == 4) Transpose4((float*)s, (float*)(s + stride), (float*)(s + 2 * stride), (float*)(s + 3 * stride), step, 4, (float*)p);
                        else Transpose4((double*)s, (double*)(s + stride), (double*)(s + 2 * stride), (double*)(s + 3 * stride), step, 4, (double*)p);
                        continue;
                    }
                    if (sizeof(T) == 4) Transpose4((float*)s, (float*)(s + stride), (float*)(s + 2 * stride), (float*)(s + 3 * stride), 4, 4, (float*)part);
                    else Transpose4((double*)s, (double*)(s + stride), (double*)(s + 2 * stride), (double*)(s + 3 * stride), 4, 4, (double*)part);
                    for (int j = 0; j < count; j++) Unsafe.CopyBlockUnaligned(p + j * step, part + 4 * j, (uint)(4 * sizeof(T)));
                }
        for (; k < depth; k++)
            for (int i = 0; i < count; i++) target[i * step + k] = source[k * stride + i];
    }

    // rows in groups of four; the last group overlaps the one before it
    /// <summary><c>panel[k · padded + i] = rows[i][offset + k]</c>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Transpose<T>(T** rows, nint offset, int width, nint padded, int depth, T* panel) where T : unmanaged
    {
        int i = 0;
        if (width >= 4)
            for (; i < width; i += 4)
            {
                if (i > width - 4) i = width - 4;
                T* s0 = rows[i] + offset, s1 = rows[i + 1] + offset, s2 = rows[i + 2] + offset, s3 = rows[i + 3] + offset;
                if (sizeof(T) == 4) Transpose4((float*)s0, (float*)s1, (float*)s2, (float*)s3, padded, depth, (float*)(panel + i));
                else if (sizeof(T) == 8) Transpose4((double*)s0, (double*)s1, (double*)s2, (double*)s3, padded, depth, (double*)(panel + i));
                else
                    for (int k = 0; k < depth; k++)
                    {
                        T* p = panel + i + k * padded;
                        (p[0], p[1], p[2], p[3]) = (s0[k], s1[k], s2[k], s3[k]);
                    }
            }
        for (; i < width; i++)
        {
            T* s = rows[i] + offset;
            T* p = panel + i;
            for (int k = 0; k < depth; k++, p += padded) *p = s[k];
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Transpose4(float* s0, float* s1, float* s2, float* s3, nint step, int depth, float* p)
    {
        int k = 0;
        if (Avx512F.IsSupported)
            for (; k + 16 <= depth; k += 16, p += 16 * step)
            {
                var v0 = Vector512.Load(s0 + k);
                var v1 = Vector512.Load(s1 + k);
                var v2 = Vector512.Load(s2 + k);
                var v3 = Vector512.Load(s3 + k);
                var t0 = Avx512F.UnpackLow(v0, v1);
                var t1 = Avx512F.UnpackHigh(v0, v1);
                var t2 = Avx512F.UnpackLow(v2, v3);
                var t3 = Avx512F.UnpackHigh(v2, v3);
                var u0 = Avx512F.Shuffle(t0, t2, 0x44);
                var u1 = Avx512F.Shuffle(t0, t2, 0xEE);
                var u2 = Avx512F.Shuffle(t1, t3, 0x44);
                var u3 = Avx512F.Shuffle(t1, t3, 0xEE);
                float* q = p;
                Store4(u0.GetLower().GetLower(), u1.GetLower().GetLower(), u2.GetLower().GetLower(), u3.GetLower().GetLower(), q, step);
                q += 4 * step;
                Store4(u0.GetLower().GetUpper(), u1.GetLower().GetUpper(), u2.GetLower().GetUpper(), u3.GetLower().GetUpper(), q, step);
                q += 4 * step;
                Store4(u0.GetUpper().GetLower(), u1.GetUpper().GetLower(), u2.GetUpper().GetLower(), u3.GetUpper().GetLower(), q, step);
                q += 4 * step;
                Store4(u0.GetUpper().GetUpper(), u1.GetUpper().GetUpper(), u2.GetUpper().GetUpper(), u3.GetUpper().GetUpper(), q, step);
            }
        if (Sse.IsSupported)
            for (; k + 4 <= depth; k += 4, p += 4 * step)
            {
                var v0 = Vector128.Load(s0 + k);
                var v1 = Vector128.Load(s1 + k);
                var v2 = Vector128.Load(s2 + k);
                var v3 = Vector128.Load(s3 + k);
                var t0 = Sse.UnpackLow(v0, v1);
                var t1 = Sse.UnpackHigh(v0, v1);
                var t2 = Sse.UnpackLow(v2, v3);
                var t3 = Sse.UnpackHigh(v2, v3);
                Store4(Sse.MoveLowToHigh(t0, t2), Sse.MoveHighToLow(t2, t0), Sse.MoveLowToHigh(t1, t3), Sse.MoveHighToLow(t3, t1), p, step);
            }
        for (; k < depth; k++, p += step) (p[0], p[1], p[2], p[3]) = (s0[k], s1[k], s2[k], s3[k]);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Store4(Vector128<float> a, Vector128<float> b, Vector128<float> c, Vector128<float> d, float* p, nint step)
    {
        a.Store(p);
        b.Store(p + step);
        c.Store(p + 2 * step);
        d.Store(p + 3 * step);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Transpose4(double* s0, double* s1, double* s2, double* s3, nint step, int depth, double* p)
    {
        int k = 0;
        if (Avx.IsSupported)
            for (; k + 4 <= depth; k += 4, p += 4 * step)
            {
                var v0 = Vector256.Load(s0 + k);
                var v1 = Vector256.Load(s1 + k);
                var v2 = Vector256.Load(s2 + k);
                var v3 = Vector256.Load(s3 + k);
                var t0 = Avx.UnpackLow(v0, v1);
                var t1 = Avx.UnpackHigh(v0, v1);
                var t2 = Avx.UnpackLow(v2, v3);
                var t3 = Avx.UnpackHigh(v2, v3);
                Avx.Permute2x128(t0, t2, 0x20).Store(p);
                Avx.Permute2x128(t1, t3, 0x20).Store(p + step);
                Avx.Permute2x128(t0, t2, 0x31).Store(p + 2 * step);
                Avx.Permute2x128(t1, t3, 0x31).Store(p + 3 * step);
            }
        for (; k < depth; k++, p += step) (p[0], p[1], p[2], p[3]) = (s0[k], s1[k], s2[k], s3[k]);
    }
}
