using Adjoint.Golden;

if (args is not [var folder])
{
    Console.Error.WriteLine("Usage: dotnet run -c Release --project tests/Adjoint.Golden -- FOLDER, where FOLDER holds ops.json or trajectories.json, or both.");
    return 2;
}
try
{
    var cases = Cases.Read(folder);
    int failed = 0;
    foreach (var one in cases)
    {
        var failures = one.Failures();
        if (failures.Count == 0) continue;
        failed++;
        Console.WriteLine($"FAILED {one.Name}");
        foreach (string failure in failures) Console.WriteLine("  " + failure.ReplaceLineEndings("\n  "));
    }
    Console.WriteLine($"{cases.Count - failed} passed, {failed} failed");
    return failed == 0 ? 0 : 1;
}
catch (Exception e) when (e is CaseException or IOException or UnauthorizedAccessException)
{
    Console.Error.WriteLine(e.Message);
    return 2;
}
