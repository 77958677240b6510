using System.Reflection;
using System.Text.RegularExpressions;

namespace Talweg.Conventions;

/// <summary>What the code of a test assembly calls, gathered by the methods that somebody wrote: lambdas, local functions, iterators and asynchronous parts count to the method around them.</summary>
internal static partial class Callers
{
    public static IReadOnlyList<Caller> Of(Assembly assembly) =>
    [
        .. from method in MethodCalls.MethodsOf(assembly)
           from called in MethodCalls.In(method)
           group called by (Type: Written(method.DeclaringType!), Name: Written(method)) into calls
           select new Caller(calls.Key.Type, calls.Key.Name, [.. calls]),
    ];

    /// <summary>Types that the compiler makes lie within the one that somebody wrote, and their names begin with an angle bracket.</summary>
    private static Type Written(Type type) => type.Name.StartsWith('<') && type.DeclaringType is { } around ? Written(around) : type;

    /// <summary>The compiler names what it makes <c>&lt;Method&gt;b__0</c>, <c>&lt;Method&gt;g__Local|0</c>, or the type around it <c>&lt;Method&gt;d__0</c>.</summary>
    private static string Written(MethodBase method)
    {
        for (var type = method.DeclaringType!; type.Name.StartsWith('<') && type.DeclaringType is not null; type = type.DeclaringType)
        {
            if (MadeFor().Match(type.Name) is { Success: true } stateMachine)
                return stateMachine.Groups[1].Value;
        }

        return MadeFor().Match(method.Name) is { Success: true } part ? part.Groups[1].Value : method.Name;
    }

    [GeneratedRegex("^<+([^<>]+)>")]
    private static partial Regex MadeFor();
}

/// <summary>A method as it was written, and all that it calls.</summary>
internal sealed record Caller(Type Type, string Name, HashSet<MethodBase> Calls)
{
    public bool IsConstructor => Name is ".ctor" or ".cctor";

    public override string ToString() => $"{Type}.{Name}";
}
