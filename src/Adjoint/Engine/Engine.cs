using System.Diagnostics;

namespace Adjoint;

/// <summary>
/// The compiler: programs become fused kernels over planned memory. The passes, in order: <see cref="Simplification"/>, <see cref="FoldGathering"/> (cotangents
/// of convolutions' images), <see cref="Works"/> (views and statements), <see cref="FusionSchedule"/> (fusion), <see cref="Plan"/> (memory), <see cref="Lower"/> (loops). A kernel runs block by block
/// (<see cref="BlockKernel"/>) until that has cost as much as compiling it would, and then as code (<see cref="Emit"/>); where code cannot be emitted,
/// always block by block. The results are the same, to the bit.
/// </summary>
public sealed class Engine : IExecutor
{
    /// <summary>An engine that uses all processors.</summary>
    public static Engine Shared { get; } = new();

    /// <summary>How many threads a program may use; 0 for one per processor. The results do not depend on it, to the bit.</summary>
    public int Threads { get; init; }

    public IExecutable Prepare(EquationSystem system) => Compile(system);

    /// <summary>When kernels are compiled.</summary>
    internal Emission Emission { get; init; }

    /// <summary>What the engine makes of a program: its kernels, what fell back to the reference, and its memory.</summary>
    public string Explain(EquationSystem system) => Compile(system).Explain();

    Compiled Compile(EquationSystem system)
    {
        long start = Stopwatch.GetTimestamp();
        var simple = FoldGathering.Of(Simplification.Simplify(system));
        var works = Works.Of(simple);
        var schedule = FusionSchedule.Of(works);
        var plan = Plan.Of(works, schedule);
        var steps = new List<Step>();
        foreach (var group in schedule.Groups)
        {
            if (group.Single is null && group.Statements.All(s => s.Target.Size == 0)) continue;
            var step = StepOf(group, works, plan);
            if (step is KernelStep kernel && steps.LastOrDefault() is ProductStep { Follower: null } last && FusionSchedule.Follows(group, last.Product) && ProductStep.Of(last.Product, kernel) is { } both)
                steps[^1] = both;
            else steps.Add(step);
        }
        double milliseconds = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        EngineMeter.Compilations.Add(1);
        EngineMeter.CompileTime.Add(milliseconds);
        EngineEvents.Log.Compiled(system.Equations.Length, steps.Count(s => s is KernelStep), (int)milliseconds);
        foreach (var step in steps.OfType<FallbackStep>()) EngineEvents.Log.FellBack(step.Fallback.Equation!.Operation.Name);
        return new(system, works, plan, [.. steps], Threads);
    }

    Step StepOf(Group group, Works works, Plan plan)
    {
        switch (group.Single)
        {
            case Product product: return new ProductStep(product);
            case FoldWork fold: return new FoldStep(fold);
            case Fallback fallback: return new FallbackStep(fallback);
            case LoopWork { Equation.Operation: Scan scan } work: return new ScanStep(work, scan, Compile(scan.Body));
            case LoopWork { Equation.Operation: While loop } work: return new WhileStep(work, loop, Compile(loop.Condition), Compile(loop.Body));
            case LoopWork { Equation.Operation: Cond cond } work: return new CondStep(work, Compile(cond.Then), Compile(cond.Else));
            case { } other: throw new InvalidOperationException($"engine: {other.GetType().Name} has no step.");
        }
        var kernel = Lower.Of(group, plan.IsStored);
        KernelCheck.Verify(kernel);
        return new KernelStep(kernel, works.Slots.Count, Emission);
    }
}
