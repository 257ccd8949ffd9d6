#:project ../src/Adjoint/Adjoint.csproj
// Derivatives: functions go in, functions come out, in any nesting and to any order.
// expect: ^gradient \[-215\.6  -88. \]$
// expect: ^hessian \[\[1330  480\]$
// expect: ^fifth derivative of sin 2x at 0\.3: 26\.41
// expect: ^script: \[2 4 6\]$
// expect: ^descent: \[0\.999[0-9] 0\.999[0-9]\]$
// expect: ^jacobian of float64\[2\] by float64\[2\]: reverse mode$

Tensor Rosenbrock(Tensor x) => (100 * (x[1..] - x[..^1].Square()).Square() + (1 - x[..^1]).Square()).Sum();
Tensor at = [-1.2, 1.0];

Console.WriteLine($"gradient {Gradient(Rosenbrock)(at)}");
Console.WriteLine($"hessian {Hessian(Rosenbrock)(at)}");
Console.WriteLine($"H v = {HessianVectorProduct(Rosenbrock, at, [1.0, 2.0])}");

Func<Tensor, Tensor> f = x => (2 * x).Sin();
for (int order = 1; order <= 5; order++) f = Gradient(f);
Console.WriteLine($"fifth derivative of sin 2x at 0.3: {f(0.3)}");

// One gradient for each row, in one program.
Tensor rows = [[-1.2, 1.0], [0.0, 0.0], [1.0, 1.0]];
Console.WriteLine($"per row\n{Vectorize(Gradient(Rosenbrock))(rows)}");

// Forward or reverse mode, whichever needs fewer sweeps; Explain says which, and what both would cost.
Tensor Polar(Tensor p) => [p[0] * p[1].Cos(), p[0] * p[1].Sin()];
Console.WriteLine(Jacobian(Polar).Explain([2.0, 0.5]));

// In a script, a variable remembers what was computed from it.
var x = Tensor.Variable([1.0, 2.0, 3.0]);
var loss = (x * x).Sum();
Console.WriteLine($"loss {loss}");
Console.WriteLine($"script: {loss.Gradient(x)}");

// A loop in a script: the new value is a new variable, so that no history grows.
var w = Tensor.Variable(at);
for (int i = 0; i < 20_000; i++) w = Tensor.Variable(w - 1e-3 * Rosenbrock(w).Gradient(w));
Console.WriteLine($"descent: [{w[0].ToScalar():0.0000} {w[1].ToScalar():0.0000}]");

// A check of any function against differences along random directions.
Console.WriteLine(GradientCheck.Of(Rosenbrock, at));
