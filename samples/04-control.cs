#:project ../src/Adjoint/Adjoint.csproj
// Control flow that depends on data, equations that define their unknown, and derivatives through all of it.
// expect: ^the root of z = θ cos z at θ = 2: 1\.0298665293222589
// expect: ^dz/dθ 0\.18970003715
// expect: ^d²z/dθ² -0\.1334681815
// expect: ^clipped gradient \[1   1   0\.5\]$
// expect: ^√2 by Newton, and its derivative: 1\.414213562373095., 0\.3535533905932738

// A fixed point where iterating would diverge: solved by Newton's method, differentiated as an equation.
Tensor Orbit(Tensor θ) => FixedPoint(z => θ * z.Cos(), Tensor.Scalar(0.5, DType.Float64));
Tensor two = Tensor.Scalar(2, DType.Float64);
Console.WriteLine($"the root of z = θ cos z at θ = 2: {Orbit(two)}");
Console.WriteLine($"dz/dθ {Gradient(Orbit)(two)}");
Console.WriteLine($"d²z/dθ² {Gradient(Gradient(Orbit))(two)}");

// A loop of as many steps as it takes, in reverse mode.
Tensor Root(Tensor a) => While(a, x => (x * x - a).Abs() > 1e-12, x => (x + a / x) / 2);
Console.WriteLine($"√2 by Newton, and its derivative: {Root(two)}, {Gradient(Root)(two)}");

// A derivative of one's own: the value passes, the gradient is clipped on its way back.
var clipped = CustomVjp(v => v, (v, z, λ) => λ.Clip(-1, 1));
Console.WriteLine($"clipped gradient {Gradient(v => (clipped(v) * new[] { 5.0, 1.0, 0.5 }).Sum())([1.0, 2.0, 3.0])}");

// A recurrence over rows: each step gets one row, and its results are stacked.
Tensor prices = [100.0, 101.0, 99.5, 102.0];
var (average, smooth) = Scan(prices[0], prices, (mean, price) => { var next = 0.8 * mean + 0.2 * price; return (next, next); });
Console.WriteLine($"smoothed {smooth}, the last {average}");

// A decision per element, and one for the whole.
Tensor x = [-1.0, 4.0];
Console.WriteLine(Tensor.Select(x > 0, x.Sqrt(), 0));
Console.WriteLine(Cond(x.Sum() > 0, () => x, () => -x));
