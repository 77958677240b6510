using System.Reflection;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Talweg.Conventions;

/// <summary>No number reaches torch in a scalar that the garbage collector may free while the operation reads it (see Talweg.Native.HeldScalar).</summary>
/// <remarks>Compiled into every test project; each looks at itself and at what it tests.</remarks>
public sealed class HeldScalarTests
{
    private static readonly Lazy<HashSet<MethodBase>> LazyUnheld = new(FindUnheld);

    [Fact]
    public void Every_scalar_is_held_while_torch_reads_it()
    {
        var own = typeof(HeldScalarTests).Assembly;
        var assemblies = own.GetReferencedAssemblies().Where(name => name.Name!.StartsWith("Talweg", StringComparison.Ordinal)).Select(Assembly.Load).Append(own);
        string[] violations =
        [
            .. from assembly in assemblies
               from caller in MethodCalls.MethodsOf(assembly)
               where caller.DeclaringType != typeof(HeldScalarTests)
               from called in MethodCalls.In(caller).Where(LazyUnheld.Value.Contains).Distinct()
               select $"{caller.DeclaringType}.{caller.Name} calls {called.DeclaringType}: {called}",
        ];
        Assert.True(violations.Length == 0, string.Join('\n', violations)
            + "\nTorchSharp does not hold the scalar that this makes. Write a.add(b, HeldScalar.One) for a + b, x.sub(minusHalf) for x.add(half), x.pow(HeldScalar.Two) for x.square(), and"
            + "\n`using var half = 0.5.ToScalar();` around the operation for other numbers. Optimizers are in Talweg.Training.");
    }

    [Fact]
    public void The_scan_finds_numbers_made_here_and_within_TorchSharp()
    {
        var planted = typeof(HeldScalarTests).GetMethod(nameof(Planted), BindingFlags.NonPublic | BindingFlags.Static)!;
        Assert.Equal(["op_Implicit", "op_Addition", "square", "SGD"], MethodCalls.In(planted).Where(LazyUnheld.Value.Contains).Select(method => method.Name));
    }

    /// <summary>Four ways to let a scalar go too early, and between them some that make none.</summary>
    private static void Planted(Tensor a, Tensor b)
    {
        a.sub_(b).pow_(3);
        (a * b - b + a).matmul(b).square().sum().backward();
        optim.SGD([new Parameter(a)], 0.1).step();
    }

    /// <summary>The conversions, all of TorchSharp that makes a scalar without disposing of it, all that calls such a method, and all optimizers.</summary>
    private static HashSet<MethodBase> FindUnheld()
    {
        var calls = MethodCalls.MethodsOf(typeof(Tensor).Assembly)
            .Where(caller => !IsOfScalar(caller) && !IsOfScript(caller))
            .Select(caller => (Caller: caller, Called: MethodCalls.In(caller).ToHashSet())).ToArray();
        HashSet<MethodBase> unheld = [.. typeof(Scalar).GetMethods().Where(method => method.Name == "op_Implicit")];
        unheld.UnionWith(typeof(Tensor).Assembly.GetTypes().Where(typeof(optim.Optimizer).IsAssignableFrom).SelectMany(type => type.GetConstructors()));
        unheld.UnionWith(calls.Where(call => call.Called.Any(MakesScalar) && !call.Called.Any(Disposes)).Select(call => call.Caller));
        int before;
        do
        {
            before = unheld.Count;
            unheld.UnionWith(calls.Where(call => call.Called.Overlaps(unheld)).Select(call => call.Caller));
        }
        while (unheld.Count > before);
        return unheld;
    }

    private static bool IsOfScalar(MethodBase method) => method.DeclaringType == typeof(Scalar) || method.DeclaringType == typeof(ScalarExtensionMethods);

    /// <summary>A script's call makes scalars of what the script hands back, and gives none.</summary>
    private static bool IsOfScript(MethodBase method) => method.DeclaringType?.FullName?.StartsWith("TorchSharp.torch+jit", StringComparison.Ordinal) == true;

    private static bool MakesScalar(MethodBase method) => IsOfScalar(method) && (method.IsConstructor || method.IsStatic && method.Name == "ToScalar");

    private static bool Disposes(MethodBase method) => method.Name == nameof(IDisposable.Dispose) && (method.DeclaringType == typeof(Scalar) || method.DeclaringType == typeof(IDisposable));
}
