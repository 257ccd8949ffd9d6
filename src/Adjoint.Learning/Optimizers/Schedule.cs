namespace Adjoint.Learning;

/// <summary>A learning rate as a function of the number of steps taken. It is part of the program: a new rate prepares nothing.</summary>
public abstract record Schedule
{
    /// <summary>The rate after <paramref name="steps"/> steps (a floating scalar): a scalar of that type.</summary>
    public abstract Tensor At(Tensor steps);

    /// <summary>Always the same rate.</summary>
    public static implicit operator Schedule(double rate) => new ConstantRate(rate);
}

/// <summary>Always the same rate.</summary>
public sealed record ConstantRate(double Rate) : Schedule
{
    public override Tensor At(Tensor steps) => Tensor.Scalar(Rate, steps.DType);
}
