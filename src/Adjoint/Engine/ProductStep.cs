using System.Runtime.CompilerServices;

namespace Adjoint;

/// <summary>Runs a contraction by its plan, and perhaps a kernel on its rows while they are in cache.</summary>
sealed unsafe class ProductStep : Step
{
    /// <summary>A thread gets at least so many rows of a product with a follower; with fewer, both run one after the other, each on all threads.</summary>
    const int RowsPerThread = 64;

    readonly nint left, right;
    readonly int rows, unit;

    public ProductStep(Product product)
    {
        Product = product;
        (left, right) = ((nint)(product.Left.Offset * product.Left.Slot.ElementSize), (nint)(product.Right.Offset * product.Right.Slot.ElementSize));
        rows = product.Plan.BatchCount * product.Plan.RowCount;
        Operations = 2L * rows * product.Plan.DepthCount * product.Plan.ColumnCount;
    }

    ProductStep(Product product, KernelStep follower, int unit) : this(product) => (Follower, this.unit) = (follower, unit);

    public Product Product { get; }

    /// <summary>The kernel that runs on each block of rows when it is complete.</summary>
    public KernelStep? Follower { get; }

    public override string Title => $"{Product.Equation!} as {Product.Plan.BatchCount} of {Product.Plan.RowCount} x {Product.Plan.DepthCount} x {Product.Plan.ColumnCount}";
    public override long Traffic => SizeOf(Product.Reads.Concat(Product.Writes).Concat(Follower?.Kernel.Slots ?? []));
    public override IEnumerable<Slot> Reads => Product.Reads.Concat(Follower?.Reads ?? []);
    public override IEnumerable<Slot> Writes => Product.Writes.Concat(Follower?.Writes ?? []);
    public override bool CanFail => false;

    /// <summary>A step that runs a kernel on the rows of a product; null where the kernel needs the whole.</summary>
    public static ProductStep? Of(Product product, KernelStep kernel)
    {
        if (!product.Plan.CanBeFollowed) return null;
        int unit = kernel.RowUnit(product.Target, product.Plan.BatchCount * product.Plan.RowCount);
        return unit > 0 && (product.Plan.BatchCount == 1 || product.Plan.RowCount % unit == 0) ? new(product, kernel, unit) : null;
    }

    public override void Run(Frame frame)
    {
        byte** at = frame.Addresses;
        int threads = frame.Threads == 0 ? ThreadTeam.Shared.Threads : frame.Threads;
        var finish = default(Finish);
        var job = new Job { Step = this, Frame = frame };
        bool follows = Follower is not null && (threads == 1 || rows >= threads * RowsPerThread);
        if (follows)
        {
            Follower!.Begin();
            finish.Follower = static (first, rows, context) => Unsafe.AsRef<Job>(context).Follow(first, rows);
            finish.RowUnit = unit;
            finish.Context = Unsafe.AsPointer(ref job);
        }
        Product.Plan.Run(at[Product.Left.Slot.Index] + left, at[Product.Right.Slot.Index] + right, at[Product.Target.Index], ThreadTeam.Shared, finish, frame.Threads);
        if (!follows) Follower?.Run(frame);
    }

    public override string Describe() =>
        $"product: {Title}\n"
        + (Follower is null ? "" : $"followed, row by row, by a {Follower.Describe()}");

    struct Job
    {
        public ProductStep Step;
        public Frame Frame;

        // all rows at once come from products that are not computed by rows: the kernel has its own chunks and threads
        public readonly void Follow(int first, int count)
        {
            if (count == Step.rows) Step.Follower!.RunAll(Frame);
            else Step.Follower!.Follow(Frame.Addresses, first, count, Step.rows);
        }
    }
}
