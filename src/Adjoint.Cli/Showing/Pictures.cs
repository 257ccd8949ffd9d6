namespace Adjoint.Cli;

static class Pictures { public static void Write(Results results, RunFolder folder) { } }
