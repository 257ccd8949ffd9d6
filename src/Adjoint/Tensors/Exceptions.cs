namespace Adjoint;

/// <summary>A matrix without an inverse where one is needed.</summary>
public sealed class SingularMatrixException(string message) : ArithmeticException(message);

/// <summary>A symmetric matrix that is not positive definite where that is needed.</summary>
public sealed class NotPositiveDefiniteException(string message) : ArithmeticException(message);

/// <summary>Equations that could not be solved to the accuracy of their element type.</summary>
public sealed class NotConvergedException(string message) : ArithmeticException(message);
