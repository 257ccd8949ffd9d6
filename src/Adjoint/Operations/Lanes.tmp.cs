namespace Adjoint;
public readonly record struct Lane64(double V);
public readonly record struct Lane32(float V);
public static class Scalars
{
    static ScalarFunction U(string n, Func<double,double> f, Func<Tensor,Tensor,Tensor>? s, Func<long,long>? i=null) => new(n, x => new Lane64(f(x.V)), x => new Lane32((float)f(x.V)), s, i);
    static ScalarFunction B(string n, Func<double,double,double> f, Slope? a, Slope? b, Func<long,long,long>? i=null) => new(n, (x,y) => new Lane64(f(x.V,y.V)), (x,y) => new Lane32((float)f(x.V,y.V)), a, b, i);
    public static readonly ScalarFunction
        Square = U("square", x=>x*x, (x,z)=>2*x, x=>x*x), Reciprocal=U("reciprocal", x=>1/x, (x,z)=>-(z*z)), Exp=U("exp",Math.Exp,(x,z)=>z), Log=U("log",Math.Log,(x,z)=>x.Reciprocal()), Sin=U("sin",Math.Sin,(x,z)=>x.Cos()), Cos=U("cos",Math.Cos,(x,z)=>-x.Sin()),Tanh=U("tanh",Math.Tanh,(x,z)=>1-z*z), Sqrt=U("sqrt",Math.Sqrt,(x,z)=>0.5/z), Abs=U("abs",Math.Abs,(x,z)=>x.Sign(),Math.Abs),Sign=U("sign",x=>Math.Sign(x),null,x=>Math.Sign(x)),
        Divide=B("divide",(x,y)=>x/y,(x,y,z)=>y.Reciprocal(),(x,y,z)=>-(z/y)), Remainder=B("remainder",(x,y)=>x-y*Math.Floor(x/y),(x,y,z)=>x.OnesLike(),(x,y,z)=>-x.FloorDivide(y)), Pow=B("pow",Math.Pow,(x,y,z)=>y*x.Pow(y-1),(x,y,z)=>z*x.Log()),Maximum=B("maximum",Math.Max,(x,y,z)=>(x>y).To(x.DType),(x,y,z)=>(y>x).To(x.DType),Math.Max),Minimum=B("minimum",Math.Min,(x,y,z)=>(x<y).To(x.DType),(x,y,z)=>(y<x).To(x.DType),Math.Min),FloorDivide=B("fd",(x,y)=>Math.Floor(x/y),null,null,(x,y)=>x/y),Hypot=B("hypot",(x,y)=>Math.Sqrt(x*x+y*y),(x,y,z)=>x/z,(x,y,z)=>y/z),Atan2=B("atan2",Math.Atan2,(x,y,z)=>y/(x*x+y*y),(x,y,z)=>-(x/(x*x+y*y))),XLogY=B("xlogy",(x,y)=>x*Math.Log(y),(x,y,z)=>y.Log(),(x,y,z)=>x/y),LogAddExp=B("logaddexp",(x,y)=>Math.Log(Math.Exp(x)+Math.Exp(y)),(x,y,z)=>(x-z).Exp(),(x,y,z)=>(y-z).Exp());
}
public static class Elem { extension(Tensor x) { public Tensor Exp()=>Map.Of(Scalars.Exp,x); public Tensor Log()=>Map.Of(Scalars.Log,x); public Tensor Sin()=>Map.Of(Scalars.Sin,x); public Tensor Cos()=>Map.Of(Scalars.Cos,x); public Tensor Tanh()=>Map.Of(Scalars.Tanh,x); public Tensor Sqrt()=>Map.Of(Scalars.Sqrt,x);public Tensor Abs()=>Map.Of(Scalars.Abs,x);public Tensor Sign()=>Map.Of(Scalars.Sign,x);} }
