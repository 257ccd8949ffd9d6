namespace Adjoint;

/// <summary>Packing buffers, one of each per thread, kept and grown: pinned, aligned to 64 bytes, uninitialized.</summary>
static unsafe class Scratch
{
    [ThreadStatic] static byte[]?[]? buffers;

    public const int Left = 0, Right = 1;

    public static T* Get<T>(int slot, long count) where T : unmanaged
    {
        var slots = buffers ??= new byte[2][];
        long bytes = count * sizeof(T) + 64;
        if (slots[slot] is not { } buffer || buffer.Length < bytes)
            buffer = slots[slot] = GC.AllocateUninitializedArray<byte>(checked((int)Math.Max(bytes, 1 << 14)), pinned: true);
        nint address = System.Runtime.InteropServices.Marshal.UnsafeAddrOfPinnedArrayElement(buffer, 0);
        return (T*)((address + 63) & ~63);
    }
}
