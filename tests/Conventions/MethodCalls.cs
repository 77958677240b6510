using System.Reflection;
using System.Reflection.Emit;

namespace Talweg.Conventions;

/// <summary>Which methods a method's code calls, makes an object by or takes the address of, and what else it names, read from its instructions.</summary>
internal static class MethodCalls
{
    public const BindingFlags All = BindingFlags.DeclaredOnly | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static;
    private const byte TwoByteCode = 0xFE;

    private static readonly ILookup<int, OpCode> Codes = typeof(OpCodes).GetFields(BindingFlags.Public | BindingFlags.Static)
        .Select(field => (OpCode)field.GetValue(null)!).ToLookup(code => (int)(ushort)code.Value);

    /// <summary>All methods and constructors of an assembly, those of lambdas and local functions too.</summary>
    public static IEnumerable<MethodBase> MethodsOf(Assembly assembly) =>
        assembly.GetTypes().SelectMany(type => type.GetMethods(All).Cast<MethodBase>().Concat(type.GetConstructors(All)));

    /// <summary>Generic methods, and those of generic types, come as their definitions.</summary>
    public static IEnumerable<MethodBase> In(MethodBase caller) => Members(caller, OperandType.InlineMethod).Cast<MethodBase>().Select(Definition);

    /// <summary>Methods, fields and types that the instructions name, as they are used there.</summary>
    public static IEnumerable<MemberInfo> Members(MethodBase caller) => Members(caller, OperandType.InlineMethod, OperandType.InlineField, OperandType.InlineType, OperandType.InlineTok);

    private static IEnumerable<MemberInfo> Members(MethodBase caller, params OperandType[] kinds)
    {
        if (caller.GetMethodBody()?.GetILAsByteArray() is not { } code)
            yield break;
        var typeArguments = caller.DeclaringType is { IsGenericType: true } type ? type.GetGenericArguments() : null;
        var methodArguments = caller.IsGenericMethod ? caller.GetGenericArguments() : null;
        for (int i = 0; i < code.Length;)
        {
            int value = code[i++];
            if (value == TwoByteCode)
                value = value << 8 | code[i++];
            var instruction = Codes[value].Single();
            if (kinds.Contains(instruction.OperandType) && caller.Module.ResolveMember(BitConverter.ToInt32(code, i), typeArguments, methodArguments) is { } member)
                yield return member;
            i += OperandBytes(instruction, code, i);
        }
    }

    private static int OperandBytes(OpCode instruction, byte[] code, int start) => instruction.OperandType switch
    {
        OperandType.InlineNone => 0,
        OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
        OperandType.InlineVar => 2,
        OperandType.InlineI8 or OperandType.InlineR => 8,
        OperandType.InlineSwitch => 4 + 4 * BitConverter.ToInt32(code, start),
        _ => 4,
    };

    private static MethodBase Definition(MethodBase method)
    {
        if (method is MethodInfo { IsGenericMethod: true } generic)
            method = generic.GetGenericMethodDefinition();
        return method.DeclaringType is { IsGenericType: true, IsGenericTypeDefinition: false } type
            ? MethodBase.GetMethodFromHandle(method.MethodHandle, type.GetGenericTypeDefinition().TypeHandle)!
            : method;
    }
}
