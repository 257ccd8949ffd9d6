namespace Adjoint;
static class Printing { public static string Print(TensorData d) => string.Join(" ", d.ToDoubles()); }
