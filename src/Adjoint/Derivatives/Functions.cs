namespace Adjoint;

public static class Functions { }
