using System.Reflection;

namespace Talweg.Conventions;

/// <summary>Which types a type uses, in what it declares and in its code, however their names were written there. Constants leave no trace.</summary>
internal static class TypeUses
{
    public static IReadOnlySet<Type> Of(Type type)
    {
        IEnumerable<Type?> declared =
        [
            type.BaseType, .. type.GetInterfaces(), .. Constraints(type.GetGenericArguments()), .. Attributes(type),
            .. type.GetFields(MethodCalls.All).Select(field => field.FieldType),
            .. type.GetMembers(MethodCalls.All).SelectMany(Attributes),
        ];
        var methods = type.GetMethods(MethodCalls.All).Cast<MethodBase>().Concat(type.GetConstructors(MethodCalls.All));
        return declared.Concat(methods.SelectMany(Of)).OfType<Type>().SelectMany(Parts).ToHashSet();
    }

    private static IEnumerable<Type?> Of(MethodBase method) =>
    [
        (method as MethodInfo)?.ReturnType, .. method.GetParameters().Select(parameter => parameter.ParameterType), .. method.IsGenericMethod ? Constraints(method.GetGenericArguments()) : [],
        .. method.GetMethodBody()?.LocalVariables.Select(local => local.LocalType) ?? [],
        .. method.GetMethodBody()?.ExceptionHandlingClauses.Where(clause => clause.Flags == ExceptionHandlingClauseOptions.Clause).Select(clause => clause.CatchType) ?? [],
        .. MethodCalls.Members(method).SelectMany(Named),
    ];

    private static IEnumerable<Type?> Named(MemberInfo member) => member switch
    {
        Type type => [type],
        FieldInfo field => [field.DeclaringType, field.FieldType],
        MethodInfo { IsGenericMethod: true } generic => [generic.DeclaringType, generic.ReturnType, .. generic.GetGenericArguments()],
        MethodInfo method => [method.DeclaringType, method.ReturnType],
        _ => [member.DeclaringType],
    };

    private static IEnumerable<Type> Constraints(Type[] arguments) => arguments.Where(argument => argument.IsGenericParameter).SelectMany(argument => argument.GetGenericParameterConstraints());

    private static IEnumerable<Type> Attributes(MemberInfo member) => member.GetCustomAttributesData().Select(attribute => attribute.AttributeType);

    /// <summary>What arrays and pointers are of, and generic types with their arguments.</summary>
    private static IEnumerable<Type> Parts(Type type) =>
        type.HasElementType ? Parts(type.GetElementType()!)
        : type.IsGenericParameter ? []
        : type is { IsGenericType: true, IsGenericTypeDefinition: false } ? [type.GetGenericTypeDefinition(), .. type.GetGenericArguments().SelectMany(Parts)]
        : [type];
}
